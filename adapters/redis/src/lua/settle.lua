-- ARGV: now; for each settlement id, epoch (16 digits each), the place of its org among the arguments (two bytes), and outcome;
-- the orgs; for each settlement that is no completion the instant of the retry, code and hold key. Answers for each a digit, the
-- state that the job has now, or '-' where the lease was lost.
local COMPLETE, COUNTED, UNCOUNTED, DEAD, HOLD = 0, 1, 2, 3, 4
local ENTRY = 35
local now, entries = tonumber(ARGV[1]), ARGV[2]
-- So many completed jobs are one member of their index.
local TOGETHER = 50

-- What is known of the active jobs that are settled: see `a`.
local ids, known = {}, nil

local function read()
  for from = 0, #entries - 1, ENTRY do ids[#ids + 1] = sub(entries, from + 1, from + 16) end
  known = read_parts('HMGET', ACTIVE_JOBS, ids)
end

local function org_of(i)
  local low, high = byte(entries, ENTRY * i - 2, ENTRY * i - 1)
  return ARGV[low + 256 * high]
end

local SHIFT = FLAGS - EPOCH - 1

-- The lane of an active job and its number of keys, if the settlement has its lease.
local function held(i, active)
  if sub(active, 1, EPOCH) ~= sub(entries, ENTRY * i - 18, ENTRY * i - 3) then return nil end
  local keys = byte(active, KEYS_COUNT - SHIFT)
  local lane = lane_of(sub(active, FIRST_KEY - SHIFT + 32 * keys + 2))
  return lane.org == org_of(i) and lane, keys
end

local completed = {}

local function complete(id, active, lane, keys)
  local of_lane = gathered(completed, lane)
  of_lane[#of_lane + 1] = id
  if byte(active, FLAGS - SHIFT) % 2 == 1 then forget_unique(parse(id, records({ id })[1])) end
  for i = 1, keys do
    local at = FIRST_KEY - SHIFT + 32 * (i - 1)
    local next = give_on(P .. 'q:' .. lane.org .. SEP .. sub(active, at, at + 31))
    if next then promote(next, lane.org) end
  end
end

-- Takes the completed jobs of each lane from the indexes of the active to those of the completed.
local function store_completed()
  local ending, gone = ':' .. ARGV[1], gathered(unset, ACTIVE_JOBS)
  for lane, list in pairs(completed) do
    local many, length, leases = {}, #list, gathered(removed, lane.leases)
    local before, before_gone = #leases, #gone
    for i = 1, length do
      local id = list[i]
      many[2 * i - 1], many[2 * i] = id, id .. ending
      leases[before + i], gone[before_gone + i] = id, id
    end
    in_parts('ZADD', lane.by_id[COMPLETED], many)
    in_parts('ZREM', lane.by_id[ACTIVE], list)
    for from = 1, length, TOGETHER do
      add(P .. 'c:' .. lane.org, ARGV[1], table.concat(list, '', from, math.min(from + TOGETHER - 1, length)))
    end
  end
end

local function hold(j, code, key)
  put_extra(j, 'r', code)
  put_extra(j, 'h', key)
  finish(j, HELD, now)
end

local function settle(j, outcome, detail)
  local at, code, pos = struct.unpack('<dHc0', detail)
  if outcome == COUNTED then
    fail_counted(j, code, at, now)
  elseif outcome == UNCOUNTED then
    put_extra(j, 'r', code)
    wait(j, at)
    stay(j)
  elseif outcome == DEAD then
    j.attempts = j.attempts + 1
    put_extra(j, 'r', code)
    finish(j, FAILED, now)
  else
    hold(j, code, sub(detail, pos))
  end
  save(j)
  return j.state
end

-- The details stand at the end, in the order of the settlements.
local function first_detail()
  local place = #ARGV + 1
  for i = 1, #ids do
    if byte(entries, ENTRY * i) ~= COMPLETE then place = place - 1 end
  end
  return place
end

-- One that stands twice has its lease only once.
local function settle_all()
  local answer, seen, detail = {}, {}, first_detail()
  for i, active in ipairs(known) do
    local id, outcome, lane, keys = ids[i], byte(entries, ENTRY * i), nil, nil
    if active and not seen[id] then lane, keys = held(i, active) end
    if not lane then
      answer[i] = '-'
    elseif outcome == COMPLETE then
      complete(id, active, lane, keys)
      answer[i], seen[id] = COMPLETED, true
    else
      local j = parse(id, records({ id })[1])
      j.state = ACTIVE
      answer[i], seen[id] = settle(j, outcome, ARGV[detail]), true
    end
    if outcome ~= COMPLETE then detail = detail + 1 end
  end
  return table.concat(answer)
end

read()
local answer = settle_all()
store_completed()
done(now)
return answer
