-- A job is one string: a header that changes, then its ordering keys, its lane, its unique key, and what only the client reads.
-- What few jobs have (reason, hold key, progress) is a hash beside it.
--
-- What happens to nearly every job writes no record: whoever is in `a` is active, under the epoch that stands there, and whoever
-- is in i2:<org><queue> is completed; the records of both say that they wait. Nor is a record read where it need not be: a
-- string costs Lua more the longer it is.
local HEADER = '<BI4I4BI4ddddI4BB'
local UNIQUE, EXTRAS, PARKED, BEHIND = 1, 2, 4, 8

-- The last two bytes of the header are the flags and the number of the ordering keys, which follow.
local FLAGS, KEYS_COUNT, FIRST_KEY = 51, 52, 53

-- What `a` holds of each active job: its epoch, and of its record the bytes from the flags to the end of the lane.
local ACTIVE_JOBS, EPOCH = P .. 'a', 16

local function has(j, flag) return j.flags % (2 * flag) >= flag end
local function mark(j, flag) if not has(j, flag) then j.flags = j.flags + flag end end
local function unmark(j, flag) if has(j, flag) then j.flags = j.flags - flag end end

-- The lane of a record, and where its unique key begins.
local function lane_in(raw, keys)
  local lane, behind = struct.unpack('<Hc0', raw, FIRST_KEY + 32 * keys)
  return lane_of(lane), behind
end

-- `time` is the instant at which a job ended; `length` is for the client.
local function parse(id, raw)
  local state, attempts, most, priority, cost, run_at, park, enqueued, time, length, flags, keys =
    struct.unpack(HEADER, raw)
  local lane, behind = lane_in(raw, keys)
  local j = {
    id = id, raw = raw, state = state, priority = priority, flags = flags, keys = keys, attempts = attempts, most = most,
    cost = cost, park = park, run_at = run_at, enqueued = enqueued, time = time, length = length, lane = lane,
  }
  if flags % 2 == 1 then j.unique = struct.unpack('<Hc0', raw, behind) end
  return j
end

local function header(j, state)
  return struct.pack(HEADER, state or j.state, j.attempts, j.most, j.priority, j.cost, j.run_at, j.park, j.enqueued, j.time,
    j.length, j.flags, j.keys)
end

local function save(j)
  call('SETRANGE', P .. 'j:' .. j.id, 0, header(j, j.state == ACTIVE and WAITING or nil))
end

-- The records of the ids, in their order; false where there is none, as for an id that somebody made up.
local function records(ids)
  local names, key = {}, P .. 'j:'
  for i = 1, #ids do names[i] = key .. ids[i] end
  return read_parts('MGET', nil, names)
end

local function is_active(id) return call('HEXISTS', ACTIVE_JOBS, id) == 1 end

-- The jobs of the ids, none of which is completed.
local function load(ids)
  local found = {}
  for i, raw in ipairs(records(ids)) do
    local j = raw and parse(ids[i], raw)
    if j and j.state == WAITING and is_active(j.id) then j.state = ACTIVE end
    found[i] = j
  end
  return found
end

-- A job among those that may be claimed: its id, and its cost where that is not 1.
local function member(j) return j.cost == 1 and j.id or j.id .. ':' .. j.cost end

local function extra(j, field) return has(j, EXTRAS) and call('HGET', P .. 'x:' .. j.id, field) or false end

local function put_extra(j, field, value)
  call('HSET', P .. 'x:' .. j.id, field, value)
  mark(j, EXTRAS)
end
