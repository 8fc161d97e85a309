-- A job is one string: a header that changes, then its ordering keys, its lane, its unique key, and what only the client reads.
-- What few jobs have (reason, hold key, progress) is a hash beside it.
local HEADER = '<BBBBI4I4I4ddddd'
local UNIQUE, EXTRAS, PARKED, BEHIND = 1, 2, 4, 8

local function has(j, flag) return j.flags % (2 * flag) >= flag end
local function mark(j, flag) if not has(j, flag) then j.flags = j.flags + flag end end
local function unmark(j, flag) if has(j, flag) then j.flags = j.flags - flag end end

-- The header has 56 bytes, and the ordering keys follow.
local FIRST_KEY = 57

-- `time` is the end of the lease of an active job, and the instant at which any other one ended. No more than 16 fields: Lua
-- doubles the table for the next.
local function parse(id, raw)
  local state, priority, flags, keys, attempts, most, cost, park, run_at, enqueued, epoch, time =
    struct.unpack(HEADER, raw)
  local lane, behind = struct.unpack('<Hc0', raw, FIRST_KEY + 32 * keys)
  local j = {
    id = id, raw = raw, state = state, priority = priority, flags = flags, keys = keys, attempts = attempts, most = most,
    cost = cost, park = park, run_at = run_at, enqueued = enqueued, epoch = epoch, time = time, lane = lane_of(lane),
  }
  if flags % 2 == 1 then j.unique = struct.unpack('<Hc0', raw, behind) end
  return j
end

local function header(j)
  return struct.pack(HEADER, j.state, j.priority, j.flags, j.keys, j.attempts, j.most, j.cost, j.park, j.run_at,
    j.enqueued, j.epoch, j.time)
end

local function save(j) call('SETRANGE', P .. 'j:' .. j.id, 0, header(j)) end

-- The jobs of the ids, in their order; false where there is none, as for an id that somebody made up.
local function load(ids)
  local found = {}
  for from = 1, #ids, MOST do
    local names = {}
    for i = from, math.min(from + MOST - 1, #ids) do names[#names + 1] = P .. 'j:' .. ids[i] end
    for i, raw in ipairs(call('MGET', unpack(names))) do
      found[#found + 1] = raw and parse(ids[from + i - 1], raw)
    end
  end
  return found
end

local function rank(j) return j.run_at + (j.priority - 1) * 60000000 end

local function extra(j, field) return has(j, EXTRAS) and call('HGET', P .. 'x:' .. j.id, field) or false end

local function put_extra(j, field, value)
  call('HSET', P .. 'x:' .. j.id, field, value)
  mark(j, EXTRAS)
end

-- Whether a lease of this org and epoch still holds the job.
local function holds(j, org, epoch)
  return j and j.state == ACTIVE and j.epoch == epoch and j.lane.org == org
end
