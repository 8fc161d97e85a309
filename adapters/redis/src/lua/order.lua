-- The order of jobs that share a key. `k` says for each line, q:<org><key>, which job is first, the active one or that whose turn
-- it is; the line itself lists those behind it, by id, each with what lets it be claimed. Only a job that is first of all of its
-- keys is ready, so what waits behind a key costs nothing.
--
-- Such a ticket is id, whether the job has other keys, priority, instant and cost, in digits, and lane.
local FIRSTS = P .. 'k'
local SINGLE, SEVERAL, ONE = 1, 2, '0000000001'

local function line_of(org, raw, i)
  return P .. 'q:' .. org .. SEP .. sub(raw, FIRST_KEY + 32 * (i - 1), FIRST_KEY + 32 * i - 1)
end

local function line(j, i) return line_of(j.lane.org, j.raw, i) end

local function ticket(j)
  local several = j.keys > 1 and SEVERAL or SINGLE
  return string.format('%s%d%d%017.0f%010.0f%s', j.id, several, j.priority, j.run_at, j.cost, j.lane.text)
end

-- The first of each line that was looked at, and which of them changed.
local firsts, firsts_changed = {}, {}

local function read_firsts(lines)
  for i, id in ipairs(read_parts('HMGET', FIRSTS, lines)) do firsts[lines[i]] = id end
end

-- The id of the first job of a line, or false.
local function first(of)
  local id = firsts[of]
  if id == nil then
    id = call('HGET', FIRSTS, of)
    firsts[of] = id
  end
  return id
end

local function set_first(of, id) firsts[of], firsts_changed[of] = id, true end

flush_firsts = function()
  for of in pairs(firsts_changed) do
    local id = firsts[of]
    if id then set_field(FIRSTS, of, id) else del_field(FIRSTS, of) end
  end
  firsts, firsts_changed = {}, {}
end

-- The next job of a line becomes its first; answers its ticket, or nil.
local function give_on(of)
  local next = call('LPOP', of)
  set_first(of, next and sub(next, 1, 16) or false)
  return next
end

-- Puts a job that comes back into its place behind the first. Tickets begin with the id, so they sort as the ids do.
local function line_up(of, j)
  local low, high = 0, call('LLEN', of)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if call('LINDEX', of, middle) < j.id then low = middle + 1 else high = middle end
  end
  local after = call('LINDEX', of, low)
  if after then call('LINSERT', of, 'BEFORE', after, ticket(j)) else call('RPUSH', of, ticket(j)) end
end

-- Jobs whose turn may have come.
local considered = {}

-- How many jobs of each org park their keys.
local PARKED_JOBS = P .. 'parked'
local any_parked, parked_orgs = nil, {}

local function has_parked(org)
  if any_parked == nil then any_parked = call('EXISTS', PARKED_JOBS) == 1 end
  if not any_parked then return false end
  if parked_orgs[org] == nil then parked_orgs[org] = call('HEXISTS', PARKED_JOBS, org) == 1 end
  return parked_orgs[org]
end

local function parked(j, i)
  return P .. 'p:' .. j.lane.org .. SEP .. sub(j.raw, FIRST_KEY + 32 * (i - 1), FIRST_KEY + 32 * i - 1)
end

-- Until when failed jobs before this one keep its keys parked.
local function parked_until(j)
  local latest = -math.huge
  if j.keys == 0 or not has_parked(j.lane.org) then return latest end
  for i = 1, j.keys do
    local list = call('ZREVRANGE', parked(j, i), 0, 99, 'WITHSCORES')
    for n = 1, #list, 2 do
      if list[n] < j.id then latest = math.max(latest, tonumber(list[n + 1])) break end
    end
  end
  return latest
end

local function first_of_all(j)
  for i = 1, j.keys do
    if first(line(j, i)) ~= j.id then return false end
  end
  return true
end

-- Lets a waiting job be claimed, if its turn has come.
local function turn(j, now)
  if not first_of_all(j) then return end
  local from = parked_until(j)
  if from > now and from > j.run_at then
    add(j.lane.behind, from, j.id)
    mark(j, BEHIND)
    save(j)
    return
  end
  make_ready(j.lane, j.priority, member(j), j.run_at, text(j.run_at))
end

-- Lets the next of a line be claimed by what its ticket says, or has it looked at, where that is not enough.
local function promote(next, org)
  local id = sub(next, 1, 16)
  if byte(next, 17) - 48 == SEVERAL or has_parked(org) then
    considered[id] = true
    return
  end
  local priority, run_at, lane, cost = byte(next, 18) - 48, sub(next, 19, 35), lane_of(sub(next, 46)), sub(next, 36, 45)
  make_ready(lane, priority, cost == ONE and id or id .. ':' .. tonumber(cost), tonumber(run_at), run_at)
end

-- A job stops standing in the way.
local function leave(j)
  for i = 1, j.keys do
    local of = line(j, i)
    if first(of) == j.id then
      local next = give_on(of)
      if next then considered[sub(next, 1, 16)] = true end
    else
      call('LREM', of, 1, ticket(j))
    end
  end
end

-- The first of its keys, which was active, goes back to its place: an older one that came back meanwhile is before it.
local function stay(j)
  for i = 1, j.keys do
    local of = line(j, i)
    local next = call('LINDEX', of, 0)
    if next and next < j.id then
      considered[sub(give_on(of), 1, 16)] = true
      line_up(of, j)
    end
  end
  considered[j.id] = true
end

-- A job takes its old place again; whoever has gone first since waits, unless it is active.
local function enter(j)
  for i = 1, j.keys do
    local of = line(j, i)
    local id = first(of)
    local other = id and load({ id })[1]
    if not other then
      set_first(of, j.id)
    elseif other.state == ACTIVE or id < j.id then
      line_up(of, j)
    else
      rem(other.lane.ready[other.priority], member(other))
      touch_job(other.lane, other.priority)
      considered[id] = true
      call('LPUSH', of, ticket(other))
      set_first(of, j.id)
    end
  end
  considered[j.id] = true
end

-- What stands in the tickets of a job has changed.
local function renew_tickets(old, j)
  local before, after = ticket(old), ticket(j)
  if before == after then return end
  for i = 1, j.keys do
    local of = line(j, i)
    if call('LINSERT', of, 'BEFORE', before, after) > 0 then call('LREM', of, 1, before) end
  end
end

local function park(j, now)
  if j.park < 0 or j.keys == 0 then return end
  for i = 1, j.keys do call('ZADD', parked(j, i), now + j.park, j.id) end
  count(PARKED_JOBS, j.lane.org, 1)
  any_parked, parked_orgs[j.lane.org] = true, true
  mark(j, PARKED)
end

local function unpark(j)
  if not has(j, PARKED) then return end
  for i = 1, j.keys do
    call('ZREM', parked(j, i), j.id)
    local id = first(line(j, i))
    if id then considered[id] = true end
  end
  count(PARKED_JOBS, j.lane.org, -1)
  unmark(j, PARKED)
end

-- Looks whose turn has come.
local function turns(now)
  local ids = {}
  for id in pairs(considered) do ids[#ids + 1] = id end
  considered = {}
  for _, j in ipairs(load(ids)) do
    if j and j.state == WAITING then
      if has(j, BEHIND) then
        rem(j.lane.behind, j.id)
        unmark(j, BEHIND)
        save(j)
      end
      turn(j, now)
    end
  end
end
