-- A step of what is about many jobs of an org. ARGV: action, org, now, after which id, how many at most, the states as digits,
-- then what the filter names and its values. Answers the id to go on after ('' at the end), then how many were changed, or id,
-- record, reason, progress and the end of a parked time of those that match.
local action, org, now, after, most, states = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5]), ARGV[6]
local filter = {}
for i = 7, #ARGV, 2 do filter[ARGV[i]] = ARGV[i + 1] end
local SCAN = 500

-- The indexes in which the jobs of the states are.
local function indexes()
  local found, seen = {}, {}
  local queues = filter.queue and { filter.queue } or call('SMEMBERS', P .. 'queues:' .. org)
  for _, queue in ipairs(queues) do
    local by_id = lane_of(org .. SEP .. queue).by_id
    for state in string.gmatch(states, '.') do
      local key = by_id[tonumber(state)]
      if not seen[key] then found[#found + 1] = key end
      seen[key] = true
    end
  end
  return found
end

-- The next ids, in their order. Those that are active are few, and found by their leases.
local function scan()
  if filter.id then return tonumber(filter.id) > tonumber(after) and { filter.id } or {}, true end
  local ids = {}
  if states == tostring(ACTIVE) then
    local queues = filter.queue and { filter.queue } or call('SMEMBERS', P .. 'queues:' .. org)
    for _, queue in ipairs(queues) do
      for _, id in ipairs(call('ZRANGE', P .. 'l:' .. queue, 0, -1)) do
        if id > after then ids[#ids + 1] = id end
      end
    end
  else
    for _, key in ipairs(indexes()) do
      for _, id in ipairs(call('ZRANGEBYSCORE', key, '(' .. after, '+inf', 'LIMIT', 0, SCAN)) do ids[#ids + 1] = id end
    end
  end
  table.sort(ids)
  local all = #ids <= SCAN
  for i = #ids, SCAN + 1, -1 do ids[i] = nil end
  return ids, all
end

-- It stands behind the lane and the unique key.
local function correlation(j)
  local at = FIRST_KEY + 32 * j.keys + 2 + #j.lane.text
  if has(j, UNIQUE) then at = at + 2 + #j.unique end
  return struct.unpack('<Hc0', j.raw, at)
end

local function is(wanted, value) return not wanted or wanted == value end

local function matches(j)
  local all = j.lane.parts
  return all[1] == org
    and string.find(states, j.state, 1, true)
    and is(filter.queue, all[2])
    and is(filter.remote, all[3])
    and is(filter.kind, all[4])
    and is(filter.resource_type, all[5])
    and (not filter.reason or extra(j, 'r') == filter.reason)
    and (not filter.correlation or (correlation(j)) == filter.correlation)
end

local function cancel(j)
  unpark(j)
  finish(j, CANCELLED, now)
  put_extra(j, 'r', 'cancelled')
end

local function redrive(j)
  j.attempts = 0
  revive(j, now)
end

local changes = { cancel = cancel, redrive = redrive }
local ids, all = scan()
local count, answer, last = 0, { '' }, after
for i, j in ipairs(load(ids)) do
  if count == most then all = false break end
  last = ids[i]
  if j and matches(j) then
    count = count + 1
    if action == 'list' then
      local n = #answer
      answer[n + 1], answer[n + 2] = j.id, j.raw
      answer[n + 3], answer[n + 4] = extra(j, 'r') or '', extra(j, 'p') or ''
      answer[n + 5] = has(j, PARKED) and name(j.time + j.park) or ''
    else
      changes[action](j)
      save(j)
    end
  end
end
if action ~= 'list' then
  done(now)
  answer[2] = count
end
if not all then answer[1] = last end
return answer
