-- The order of jobs that share a key: a sorted set for each key, the active job first, then those that wait, by id. Only a job that
-- is first of all of its keys is ready, so what waits behind a key costs nothing.
local function line(j, i)
  return j.lane.org .. SEP .. string.sub(j.raw, FIRST_KEY + 32 * (i - 1), FIRST_KEY + 32 * i - 1)
end

-- Jobs whose turn may have come, and whether they are known to be first of one key, which is enough for those that have no
-- other. A job that took an old place again may have come before one of them, and all are asked anew.
local considered, asked_anew = {}, false

local any_parked = {}

-- Until when failed jobs before this one keep its keys parked.
local function parked_until(j)
  local org, latest = j.lane.org, -math.huge
  if j.keys == 0 then return latest end
  if any_parked[org] == nil then any_parked[org] = call('EXISTS', P .. 'parked:' .. org) == 1 end
  if not any_parked[org] then return latest end
  for i = 1, j.keys do
    local list = call('ZREVRANGE', P .. 'p:' .. line(j, i), 0, 99, 'WITHSCORES')
    for n = 1, #list, 2 do
      if list[n] < j.id then latest = math.max(latest, tonumber(list[n + 1])) break end
    end
  end
  return latest
end

local function first_of_all(j)
  for i = 1, j.keys do
    if call('ZRANGE', P .. 'k:' .. line(j, i), 0, 0)[1] ~= j.id then return false end
  end
  return true
end

-- Lets a waiting job be claimed, if its turn has come.
local function turn(j, now, is_first)
  if not (is_first and j.keys == 1) and not first_of_all(j) then return end
  local from = parked_until(j)
  if from > now and from > j.run_at then
    add(j.lane.behind, from, j.id)
    mark(j, BEHIND)
    save(j)
    return
  end
  add(j.lane.ready[j.priority], j.run_at, j.id)
  touch_job(j)
end

local function consider_first(key)
  local first = call('ZRANGE', key, 0, 0)[1]
  if first then considered[first] = true end
end

-- A job stops standing in the way.
local function leave(j)
  for i = 1, j.keys do
    local key = P .. 'k:' .. line(j, i)
    call('ZREM', key, j.id)
    consider_first(key)
  end
end

-- An active job goes back to its place.
local function stay(j)
  for i = 1, j.keys do
    local key = P .. 'k:' .. line(j, i)
    call('ZADD', key, j.id, j.id)
    consider_first(key)
  end
  considered[j.id], asked_anew = false, true
end

-- A job takes its old place again; whoever has gone first since waits, unless it is active.
local function enter(j)
  for i = 1, j.keys do
    local key = P .. 'k:' .. line(j, i)
    local first = call('ZRANGE', key, 0, 0)[1]
    local other = first and first ~= j.id and load({ first })[1]
    if other and other.state == ACTIVE then
      call('ZADD', key, -1, first)
    elseif other and j.id < first then
      rem(other.lane.ready[other.priority], first)
      touch_job(other)
      considered[first] = false
    end
    call('ZADD', key, j.id, j.id)
  end
  considered[j.id], asked_anew = false, true
end

local function park(j, now)
  if j.park < 0 or j.keys == 0 then return end
  for i = 1, j.keys do call('ZADD', P .. 'p:' .. line(j, i), now + j.park, j.id) end
  call('SADD', P .. 'parked:' .. j.lane.org, j.id)
  any_parked[j.lane.org] = true
  mark(j, PARKED)
end

local function unpark(j)
  if not has(j, PARKED) then return end
  for i = 1, j.keys do
    local key = P .. 'p:' .. line(j, i)
    call('ZREM', key, j.id)
    consider_first(P .. 'k:' .. line(j, i))
  end
  call('SREM', P .. 'parked:' .. j.lane.org, j.id)
  unmark(j, PARKED)
end

-- Looks whose turn has come.
local function turns(now)
  local ids, is_first, anew = {}, considered, asked_anew
  for id in pairs(considered) do ids[#ids + 1] = id end
  considered, asked_anew = {}, false
  for _, j in ipairs(load(ids)) do
    if j and j.state == WAITING then
      if has(j, BEHIND) then
        rem(j.lane.behind, j.id)
        unmark(j, BEHIND)
        save(j)
      end
      turn(j, now, not anew and is_first[j.id])
    end
  end
end
