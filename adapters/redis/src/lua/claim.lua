-- ARGV: queue, now, end of the leases, limit. Answers the epoch, the ids of the jobs, their records, each in one string, and then
-- for each job that made progress its place and that; the client sorts them.
--
-- The work is bounded: so many leases taken back, parked keys left, orgs awakened, orgs served, lanes looked at for each org.
local queue, now, until_, limit = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local STEPS, ORGS, LANES = 100, 256, 64
local ring, wake = P .. 'ring:' .. queue, P .. 'wake:' .. queue

local function due(key, most) return call('ZRANGEBYSCORE', key, '-inf', now, 'LIMIT', 0, most) end

-- Takes ended leases back, and lets go what waited for a parked job.
local function take_back()
  local ended, behind = due(P .. 'l:' .. queue, STEPS), due(P .. 'behind:' .. queue, STEPS)
  if #ended + #behind == 0 then return end
  for i, j in ipairs(load(ended)) do
    if j and j.state == ACTIVE then
      fail_counted(j, 'lease-expired', now, now)
      save(j)
    else
      rem(P .. 'l:' .. queue, ended[i])
    end
  end
  for _, id in ipairs(behind) do considered[id] = true end
  done(now)
end

local function awaken()
  local orgs = due(wake, ORGS)
  if #orgs == 0 then return end
  call('ZREM', wake, unpack(orgs))
  local awake = {}
  for i, org in ipairs(orgs) do awake[2 * i - 1], awake[2 * i] = 0, org end
  call('ZADD', ring, unpack(awake))
end

-- The orgs from the one after the last that was served.
local function in_turn()
  local last, most = call('GET', P .. 'last:' .. queue), math.min(limit + 32, ORGS)
  if not last then return call('ZRANGE', ring, 0, most - 1) end
  local orgs = call('ZRANGEBYLEX', ring, '(' .. last, '+', 'LIMIT', 0, most)
  if #orgs < most then
    for _, org in ipairs(call('ZRANGEBYLEX', ring, '-', '[' .. last, 'LIMIT', 0, most - #orgs)) do
      orgs[#orgs + 1] = org
    end
  end
  return orgs
end

-- What was taken: ids, the sources of each, and the sources.
local taken, taken_from, used = {}, {}, {}
local served, portion = nil, 1

-- The jobs of a lane, a portion of them at a time, and one more, to know whether there is. To read the instants costs as much as
-- all else, and where there is one lane nothing is compared.
local function read_on(source)
  if not source.more then return false end
  local instants = source.width == 2 and 'WITHSCORES' or nil
  if instants then
    source.list = call('ZRANGEBYSCORE', source.key, '-inf', now, instants, 'LIMIT', source.offset, portion + 1)
  else
    source.list = call('ZRANGEBYSCORE', source.key, '-inf', now, 'LIMIT', source.offset, portion + 1)
  end
  local length = #source.list / source.width
  source.pos, source.more = 1, length > portion
  source.offset = source.offset + length
  return length > 0
end

-- The place in the order of the org at which the next job of a lane stands; nil at the end.
local function next_of(source)
  if source.place then return source.place end
  if source.pos > #source.list and not read_on(source) then return nil end
  source.place = source.width == 1 and 0 or tonumber(source.list[source.pos + 1]) + source.later
  return source.place
end

local function closed(source)
  return source.paused or #source.limits > 0 and opens(source.lane, now) > now
end

local function open_walk(walk)
  walk.sources = {}
  local members = due(P .. 'h:' .. walk.org .. SEP .. queue, LANES)
  for i, member in ipairs(members) do
    local lane, priority = lane_of(sub(member, 2)), tonumber(sub(member, 1, 1))
    walk.sources[i] = {
      key = lane.ready[priority], lane = lane, priority = priority, later = (priority - 1) * 60000000, ids = {}, paused = paused(lane),
      limits = limits_of(lane), width = #members > 1 and 2 or 1, list = {}, pos = 1, offset = 0, more = true, taken = 0,
    }
  end
end

-- A lane that goes on with a job that is due stays where it is. Where there are so many that some are not looked at, that would
-- hold the others back.
local function goes_on(walk, source)
  return #walk.sources < LANES and #source.limits == 0 and not source.paused and source.pos <= #source.list
end

-- The lane with the first job by rank and id, of those that are open.
local function next_source(walk)
  if not walk.sources then open_walk(walk) end
  local best, lowest
  for _, source in ipairs(walk.sources) do
    local place = next_of(source)
    if place and not closed(source) then
      if not best or place < lowest or place == lowest and source.list[source.pos] < best.list[best.pos] then
        best, lowest = source, place
      end
    end
  end
  return best
end

-- Takes the next job of a lane; answers its cost.
local function take(source)
  local member = source.list[source.pos]
  local id, cost = member, 1
  if #member > 16 then id, cost = sub(member, 1, 16), tonumber(sub(member, 18)) end
  source.pos, source.place = source.pos + source.width, nil
  if source.taken == 0 then used[#used + 1] = source end
  source.taken = source.taken + 1
  if #source.limits > 0 then charge(source.lane, cost, now) end
  local n = #taken + 1
  taken[n], taken_from[n], source.ids[source.taken] = id, source, id
  return cost
end

-- Gives the org its share, and takes jobs while it has credit; answers whether it has more.
local function serve(walk, share)
  walk.credit = walk.credit + share
  walk.changed = true
  while true do
    local source = next_source(walk)
    if not source then
      walk.credit = 0
      return false
    end
    if walk.credit <= 0 or #taken >= limit then return true end
    served = walk.org
    walk.credit = walk.credit - take(source)
    if walk.credit <= 0 then return true end
  end
end

-- The largest credit of those that have a job to take. Who has none, because a limit is closed, leaves: it must not make a round
-- pass in which nobody takes anything.
local function largest_credit(walks)
  while #walks > 0 do
    local first = 1
    for i, walk in ipairs(walks) do
      if walk.credit > walks[first].credit then first = i end
    end
    if next_source(walks[first]) then return walks[first].credit end
    walks[first].credit, walks[first].changed = 0, true
    table.remove(walks, first)
  end
end

-- Deficit round robin: when all are in debt, as many rounds pass at once as the least debt takes.
local function rounds(walks)
  while #taken < limit do
    local most, rest = largest_credit(walks), {}
    if not most then return end
    local share = math.max(1, 1 - most)
    for _, walk in ipairs(walks) do
      if #taken >= limit or serve(walk, share) then rest[#rest + 1] = walk end
    end
    walks = rest
  end
end

local function read_walks(orgs)
  local walks, credits = {}, call('HMGET', P .. 'credit:' .. queue, unpack(orgs))
  for i, org in ipairs(orgs) do walks[i] = { org = org, credit = tonumber(credits[i] or 0), had_credit = credits[i] } end
  return walks
end

-- What was taken stood at the front of each lane.
local function leave_lanes()
  for _, source in ipairs(used) do
    local lane = source.lane
    call('ZREMRANGEBYRANK', source.key, 0, source.taken - 1)
    in_parts('ZREM', lane.waiting, source.ids)
  end
end

-- The progress of a job, if it has any.
local function progress_of(id, flags)
  return flags % (2 * EXTRAS) >= EXTRAS and call('HGET', P .. 'x:' .. id, 'p')
end

-- One epoch is enough for all: of one job it is another at each attempt.
local function lease_taken()
  if #taken == 0 then return {} end
  leave_lanes()
  local epoch = name(draw(1) + 1)
  local ids, raws, active, answer = {}, {}, {}, { epoch, '', '' }
  local leases = { NEVER, LONG }
  for i, raw in ipairs(records(taken)) do
    local id, source = taken[i], taken_from[i]
    if raw then
      local n, flags, keys = #ids + 1, byte(raw, FLAGS, KEYS_COUNT)
      ids[n], raws[n] = id, raw
      active[2 * n - 1] = id
      active[2 * n] = epoch .. sub(raw, FLAGS, FIRST_KEY + 1 + 32 * keys + #source.lane.text)
      leases[2 * n + 1], leases[2 * n + 2] = until_, id
      if flags > UNIQUE then
        local progress = progress_of(id, flags)
        if progress then answer[#answer + 1], answer[#answer + 2] = n, progress end
      end
    end
  end
  in_parts('ZADD', P .. 'l:' .. queue, leases)
  in_parts('HSET', ACTIVE_JOBS, active)
  answer[2], answer[3] = table.concat(ids), raws
  return answer
end

-- Looks at the lanes that were read, where that may have changed something; answers whether the org has more that is due.
local function leave_org(walk)
  local more = false
  for _, source in ipairs(walk.sources) do
    if goes_on(walk, source) then more = true else touch_job(source.lane, source.priority) end
  end
  walk.more = more
end

-- Whoever has nothing due any more leaves the ring, with its credit: also who was not asked, but has some.
local function leave_ring(walks)
  local credit, gone, kept = P .. 'credit:' .. queue, {}, {}
  for _, walk in ipairs(walks) do
    local looked_at = walk.sources or walk.had_credit
    local stays = not looked_at or walk.more
    if not stays then
      local first = call('ZRANGE', P .. 'h:' .. walk.org .. SEP .. queue, 0, 0, 'WITHSCORES')
      stays = first[2] and tonumber(first[2]) <= now
      if not stays then
        call('ZREM', ring, walk.org)
        if first[2] then call('ZADD', wake, first[2], walk.org) end
      end
    end
    if looked_at and (not stays or walk.credit == 0) then
      if walk.had_credit then gone[#gone + 1] = walk.org end
    elseif walk.changed then
      kept[#kept + 1] = walk.org
      kept[#kept + 1] = walk.credit
    end
  end
  in_parts('HDEL', credit, gone)
  in_parts('HSET', credit, kept)
end

take_back()
awaken()
local orgs = in_turn()
if #orgs == 0 then return {} end
portion = math.ceil(limit / #orgs)
local walks = read_walks(orgs)
rounds({ unpack(walks) })
local answer = lease_taken()
for _, walk in ipairs(walks) do
  if walk.sources then leave_org(walk) end
end
flush()
store_limits()
touch()
leave_ring(walks)
if served then call('SET', P .. 'last:' .. queue, served) end
return answer
