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

-- The next members of the indexes, in the order of the ids, with which each begins. Those that are active are few.
local function scan()
  if filter.id then return tonumber(filter.id) > tonumber(after) and { filter.id } or {}, true end
  local members = {}
  if states == tostring(ACTIVE) then
    local queues = filter.queue and { filter.queue } or call('SMEMBERS', P .. 'queues:' .. org)
    for _, queue in ipairs(queues) do
      for _, id in ipairs(call('ZRANGEBYSCORE', P .. 'l:' .. queue, '-inf', '(inf')) do
        if id > after then members[#members + 1] = id end
      end
    end
  else
    for _, key in ipairs(indexes()) do
      for _, member in ipairs(call('ZRANGEBYSCORE', key, '(' .. after, '+inf', 'LIMIT', 0, SCAN)) do
        members[#members + 1] = member
      end
    end
  end
  table.sort(members)
  local all = #members <= SCAN
  for i = #members, SCAN + 1, -1 do members[i] = nil end
  return members, all
end

-- What its record does not say of a job: that it is active, or completed at the instant that stands behind its id.
local function with_state(j, member)
  if j.state ~= WAITING then return j end
  if is_active(j.id) then
    j.state = ACTIVE
    return j
  end
  if filter.id then member = call('ZRANGEBYSCORE', j.lane.by_id[COMPLETED], j.id, j.id)[1] or j.id end
  if #member > 16 then j.state, j.time = COMPLETED, tonumber(sub(member, 18)) end
  return j
end

local function load_members(members)
  local ids, found = {}, {}
  for i, member in ipairs(members) do ids[i] = sub(member, 1, 16) end
  for i, raw in ipairs(records(ids)) do found[i] = raw and with_state(parse(ids[i], raw), members[i]) end
  return found
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
local members, all = scan()
local count, answer, last = 0, { '' }, after
for i, j in ipairs(load_members(members)) do
  if count == most then all = false break end
  last = sub(members[i], 1, 16)
  if j and matches(j) then
    count = count + 1
    if action == 'list' then
      local n = #answer
      answer[n + 1], answer[n + 2] = j.id, header(j) .. sub(j.raw, FIRST_KEY)
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
