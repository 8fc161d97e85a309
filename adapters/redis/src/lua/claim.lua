-- ARGV: queue, now, end of the leases, limit. Answers id, epoch, record and progress for each job; the client sorts them.
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
  for _, j in ipairs(load(ended)) do
    if j then
      fail_counted(j, 'lease-expired', now, now)
      save(j)
    end
  end
  for _, id in ipairs(behind) do considered[id] = false end
  done(now)
end

local function awaken()
  local orgs = due(wake, ORGS)
  if #orgs == 0 then return end
  call('ZREM', wake, unpack(orgs))
  for _, org in ipairs(orgs) do add(ring, 0, org) end
  flush()
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

local taken, served, portion = {}, nil, 1

-- The jobs of a lane, a portion at a time.
local function next_of(source)
  while source.pos > #source.jobs and source.more do
    local list =
      call('ZRANGEBYSCORE', P .. 'r:' .. source.member, '-inf', now, 'LIMIT', source.offset, portion)
    source.jobs, source.pos, source.more = load(list), 1, #list == portion
    source.offset = source.offset + #list
  end
  return source.jobs[source.pos]
end

local function closed(source)
  return source.paused or #source.limits > 0 and opens(source.lane, now) > now
end

local function open_walk(walk)
  walk.sources = {}
  for _, member in ipairs(due(P .. 'h:' .. walk.org .. SEP .. queue, LANES)) do
    local lane = lane_of(string.sub(member, 2))
    local source = {
      member = member, lane = lane, paused = paused(lane), limits = limits_of(lane), jobs = {}, pos = 1, offset = 0, more = true,
    }
    walk.sources[#walk.sources + 1] = source
    touched[member] = source.lane
  end
end

-- The first by rank and id of the lanes that are open.
local function next_job(walk)
  if not walk.sources then open_walk(walk) end
  local best, from, first
  for _, source in ipairs(walk.sources) do
    local j = next_of(source)
    if j and not closed(source) then
      local place = rank(j)
      if not best or place < first or place == first and j.id < best.id then
        best, from, first = j, source, place
      end
    end
  end
  return best, from
end

local function take(j, source)
  source.pos = source.pos + 1
  if #source.limits > 0 then charge(j.lane, j.cost, now) end
  taken[#taken + 1] = j
end

-- Gives the org its share, and takes jobs while it has credit; answers whether it has more.
local function serve(walk, share)
  walk.credit = walk.credit + share
  walk.changed = true
  while true do
    local j, source = next_job(walk)
    if not j then
      walk.credit = 0
      return false
    end
    if walk.credit <= 0 or #taken >= limit then return true end
    walk.credit = walk.credit - math.max(j.cost, 1)
    served = walk.org
    take(j, source)
    if walk.credit <= 0 then return true end
  end
end

-- Deficit round robin: when all are in debt, as many rounds pass at once as the least debt takes.
local function rounds(walks)
  while #taken < limit and #walks > 0 do
    local most, rest = -math.huge, {}
    for _, walk in ipairs(walks) do most = math.max(most, walk.credit) end
    local share = math.max(1, 1 - most)
    for _, walk in ipairs(walks) do
      if #taken >= limit or serve(walk, share) then rest[#rest + 1] = walk end
    end
    walks = rest
  end
end

local function read_walks(orgs)
  local walks, credits = {}, call('HMGET', P .. 'credit:' .. queue, unpack(orgs))
  for i, org in ipairs(orgs) do walks[i] = { org = org, credit = tonumber(credits[i] or 0) } end
  return walks
end

local function lease_taken()
  local last = #taken > 0 and draw(#taken)
  local answer = {}
  for i, j in ipairs(taken) do
    activate(j, until_)
    j.epoch = last + i
    save(j)
    local n = #answer
    answer[n + 1], answer[n + 2], answer[n + 3], answer[n + 4] = j.id, name(j.epoch), j.raw, extra(j, 'p') or ''
  end
  return answer
end

-- Whoever has nothing due any more leaves the ring, with its credit.
local function leave_ring(walks)
  local credit = P .. 'credit:' .. queue
  for _, walk in ipairs(walks) do
    if walk.sources then
      local first = call('ZRANGE', P .. 'h:' .. walk.org .. SEP .. queue, 0, 0, 'WITHSCORES')
      local stays = first[2] and tonumber(first[2]) <= now
      if not stays then
        call('ZREM', ring, walk.org)
        if first[2] then call('ZADD', wake, first[2], walk.org) end
      end
      if not stays or walk.credit == 0 then
        call('HDEL', credit, walk.org)
      else
        call('HSET', credit, walk.org, walk.credit)
      end
    elseif walk.changed then
      call('HSET', credit, walk.org, walk.credit)
    end
  end
end

take_back()
if limit < 1 then return {} end
awaken()
local orgs = in_turn()
if #orgs == 0 then return {} end
portion = math.ceil(limit / #orgs)
local walks = read_walks(orgs)
rounds({ unpack(walks) })
local answer = lease_taken()
flush()
store_limits()
touch()
leave_ring(walks)
if served then call('SET', P .. 'last:' .. queue, served) end
return answer
