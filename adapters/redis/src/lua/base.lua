-- What every script begins with: names, buffered changes of sorted sets, the sequence of ids and epochs.
--
-- KEYS[1] is the prefix of all keys of the installation. It holds a hash tag, so that they share a slot of a cluster; the
-- names of the other keys follow from what the script reads.
local P, call, SEP = KEYS[1], redis.call, '\31'
local WAITING, ACTIVE, COMPLETED, FAILED, HELD, CANCELLED = 0, 1, 2, 3, 4, 5

-- At most so many arguments go into one command: the stack of Lua has a limit.
local MOST = 1000

-- Numbers as text, remembered: to write one as a decimal is dear, and the same instant comes again and again. 17 digits are exact.
local texts = {}

local function text(number)
  local known = texts[number]
  if not known then
    known = string.format('%.17g', number)
    texts[number] = known
  end
  return known
end

-- Changes of sorted sets, gathered by key, since one command with many members costs little more than one with one.
-- A member that is removed and added is added.
local added, removed = {}, {}

local function add(key, score, member)
  if type(score) == 'number' then score = text(score) end
  local list = added[key]
  if not list then list = {}; added[key] = list end
  local n = #list
  list[n + 1], list[n + 2] = score, member
end

local function rem(key, member)
  local list = removed[key]
  if not list then list = {}; removed[key] = list end
  list[#list + 1] = member
end

-- `key` is the first argument of each command, or nil.
local function in_parts(command, key, list)
  for from = 1, #list, MOST do
    local to = math.min(from + MOST - 1, #list)
    if key then call(command, key, unpack(list, from, to)) else call(command, unpack(list, from, to)) end
  end
end

-- Changes of counters, likewise.
local counted = {}

local function count(key, field, by)
  local fields = counted[key]
  if not fields then fields = {}; counted[key] = fields end
  fields[field] = (fields[field] or 0) + by
end

local function flush()
  for key, list in pairs(removed) do in_parts('ZREM', key, list) end
  for key, list in pairs(added) do in_parts('ZADD', key, list) end
  for key, fields in pairs(counted) do
    for field, by in pairs(fields) do
      if by ~= 0 and call('HINCRBY', key, field, by) == 0 then call('HDEL', key, field) end
    end
  end
  added, removed, counted = {}, {}, {}
end

-- Ids as the members of sets: 16 digits, so that they sort as text as they do as numbers.
local function name(number) return string.format('%.0f', number) end

-- Draws numbers that were never drawn before: the answer is the last one before them.
--
-- A counter alone would give numbers twice after a restart that lost the last second, and an old lease would then fit another
-- job. So no number is lower than the server's clock in microseconds: what was lost had been drawn before, at less than one
-- each microsecond. This is the only use of that clock; no rule of the queue reads it.
local function draw(count)
  local clock = call('TIME')
  local last = tonumber(call('GET', P .. 'seq') or 0)
  local floor = clock[1] * 1000000 + clock[2]
  if last < floor then last = floor end
  call('SET', P .. 'seq', name(last + count))
  return last
end

-- What a lane names: its org, queue, remote, kind and type of resource, and the keys that follow from them. Remembered for the
-- script, since a string is made anew each time it is put together.
local lanes = {}

local function lane_of(text)
  local lane = lanes[text]
  if not lane then
    local parts = {}
    for part in string.gmatch(text .. SEP, '([^' .. SEP .. ']*)' .. SEP) do parts[#parts + 1] = part end
    local org, queue = parts[1], parts[2]
    local at = org .. SEP .. queue
    lane = {
      text = text, parts = parts, org = org, queue = queue, at = at,
      heads = P .. 'h:' .. at, leases = P .. 'l:' .. queue, waiting = P .. 'w:' .. text, behind = P .. 'behind:' .. queue,
      completed = P .. 'c:' .. org, dead = P .. 'f:' .. org, counts = P .. 'n:' .. at, members = {}, ready = {}, by_id = {},
    }
    for priority = 1, 5 do
      lane.members[priority] = priority .. text
      lane.ready[priority] = P .. 'r:' .. priority .. text
    end
    local open = P .. 'i' .. WAITING .. ':' .. at
    for state = WAITING, CANCELLED do lane.by_id[state] = P .. 'i' .. state .. ':' .. at end
    lane.by_id[ACTIVE], lane.by_id[HELD] = open, open
    lanes[text] = lane
  end
  return lane
end
