-- A lane holds the waiting jobs that are equal for pauses and limits: those of one org, queue, remote, kind and type of resource.
--
--   r:<priority><lane>  the jobs whose turn has come, by run_at; each with its cost, where that is not 1
--   w:<lane>            all that wait, by run_at
--   lanes               the lanes with waiting jobs, by name
--   h:<org><queue>      the lanes with jobs whose turn has come, each with its priority, by the instant from which it may be claimed
--   wake:<queue>        the orgs that have nothing due, by the instant at which they will
--   ring:<queue>        the orgs that have

-- Every scope, a list of parts with '*' for any, that covers the lane, over the places that are given.
local function scopes(lane, which)
  local all, found = lane.parts, { '' }
  for i, place in ipairs(which) do
    local optional = place == 3 or place == 5
    local text = optional and all[place] or '=' .. all[place]
    local more = {}
    for _, scope in ipairs(found) do
      local head = i == 1 and '' or scope .. SEP
      more[#more + 1] = head .. '*'
      if text ~= '' then more[#more + 1] = head .. text end
    end
    found = more
  end
  return found
end

local any_pause, paused_lanes = nil, {}

local function paused(lane)
  if any_pause == nil then any_pause = call('EXISTS', P .. 'pauses') == 1 end
  if not any_pause then return false end
  if paused_lanes[lane] == nil then
    paused_lanes[lane] = false
    for _, hit in ipairs(call('SMISMEMBER', P .. 'pauses', unpack(scopes(lane, { 1, 2, 3, 4, 5 })))) do
      if hit == 1 then paused_lanes[lane] = true end
    end
  end
  return paused_lanes[lane]
end

-- A limit: the millionths of a microsecond in which a token comes (0: no limit), how many are kept, when the bucket is full, until
-- when the scope is closed, and what the limit was made of.
local LIMIT = '<ddddddd'
local any_limit, limits, of_lane = nil, {}, {}

local function limit_at(scope, packed)
  if not limits[scope] then
    local token, burst, full, closed, tokens, seconds, nanos = struct.unpack(LIMIT, packed)
    limits[scope] = {
      scope = scope, token = token, burst = burst, full = full, closed = closed, tokens = tokens, seconds = seconds,
      nanos = nanos,
    }
  end
  return limits[scope]
end

local function store(limit)
  call('HSET', P .. 'limits', limit.scope,
    struct.pack(LIMIT, limit.token, limit.burst, limit.full, limit.closed, limit.tokens, limit.seconds, limit.nanos))
end

local NONE = {}

-- The limits that cover the lane.
local function limits_of(lane)
  if any_limit == nil then any_limit = call('EXISTS', P .. 'limits') == 1 end
  if not any_limit then return NONE end
  local known = of_lane[lane]
  if not known then
    known = {}
    local covering = scopes(lane, { 1, 2, 3 })
    for i, packed in ipairs(call('HMGET', P .. 'limits', unpack(covering))) do
      if packed then known[#known + 1] = limit_at(covering[i], packed) end
    end
    of_lane[lane] = known
  end
  return known
end

-- The first instant from the given one on at which every limit of the lane is open and has a token.
local function opens(lane, from)
  for _, limit in ipairs(limits_of(lane)) do
    if limit.token > 0 then from = math.max(from, limit.full - math.floor(limit.token * (limit.burst - 1) / 1000000)) end
    from = math.max(from, limit.closed)
  end
  return from
end

-- Takes the cost from every limit of the lane; `store` is for the end of the script.
local function charge(lane, cost, now)
  for _, limit in ipairs(limits_of(lane)) do
    if limit.token > 0 then
      limit.full = math.max(limit.full, now) + math.ceil(limit.token * cost / 1000000)
      limit.changed = true
    end
  end
end

local function store_limits()
  for _, limit in pairs(limits) do if limit.changed then store(limit) end end
end

-- The lanes whose first job of a priority may be another one now, and those which only got more: from which instant on.
local touched, joined = {}, {}

local function touch_job(lane, priority) touched[lane.members[priority]] = lane end

-- Lets a job be claimed: its member, and its instant as a number and for Redis.
local function make_ready(lane, priority, member, run_at, score)
  local list, of_lane, name = gathered(added, lane.ready[priority]), gathered(joined, lane), lane.members[priority]
  local n = #list
  list[n + 1], list[n + 2] = score, member
  if n == 16 then list[n + 3], list[n + 4] = NEVER, LONG end
  if not of_lane[name] or run_at < of_lane[name] then of_lane[name] = run_at end
end

-- What only got more comes no later than it did.
local function join()
  local orgs = {}
  for lane, members in pairs(joined) do
    if not paused(lane) then
      for member, run_at in pairs(members) do
        local from = opens(lane, run_at)
        local list = gathered(orgs, lane.heads)
        list.lane, list.earliest = lane, math.min(list.earliest or from, from)
        local n = #list
        list[n + 1], list[n + 2] = text(from), member
      end
    end
  end
  joined = {}
  local by_queue = {}
  for heads, list in pairs(orgs) do
    call('ZADD', heads, 'LT', unpack(list))
    local at = gathered(by_queue, list.lane.queue)
    at[#at + 1] = list.lane.org
    at[list.lane.org] = list.earliest
  end
  for queue, names in pairs(by_queue) do
    local waking = {}
    for i, is_in in ipairs(read_parts('ZMSCORE', P .. 'ring:' .. queue, names)) do
      local n = #waking
      if not is_in then waking[n + 1], waking[n + 2] = text(names[names[i]]), names[i] end
    end
    if #waking > 0 then call('ZADD', P .. 'wake:' .. queue, 'LT', unpack(waking)) end
  end
end

local function touch_org(lane)
  if call('ZSCORE', P .. 'ring:' .. lane.queue, lane.org) then return end
  local first = call('ZRANGE', lane.heads, 0, 0, 'WITHSCORES')
  if first[2] then
    call('ZADD', P .. 'wake:' .. lane.queue, first[2], lane.org)
  else
    call('ZREM', P .. 'wake:' .. lane.queue, lane.org)
  end
end

-- Brings the orgs and lanes into step with their jobs.
local function touch()
  join()
  local orgs = {}
  for member, lane in pairs(touched) do
    local first = call('ZRANGE', P .. 'r:' .. member, 0, 0, 'WITHSCORES')
    if first[1] == LONG then call('DEL', P .. 'r:' .. member) end
    if first[1] and first[1] ~= LONG and not paused(lane) then
      call('ZADD', lane.heads, opens(lane, tonumber(first[2])), member)
    else
      call('ZREM', lane.heads, member)
    end
    orgs[lane.at] = lane
  end
  for _, lane in pairs(orgs) do touch_org(lane) end
  touched = {}
end
