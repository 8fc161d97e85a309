-- What every script begins with: names, changes that are gathered, the sequence of ids and epochs.
--
-- KEYS[1] is the prefix of all keys of the installation. It holds a hash tag, so that they share a slot of a cluster; the
-- names of the other keys follow from what the script reads.
local P, call, SEP = KEYS[1], redis.call, '\31'
local sub, byte = string.sub, string.byte
local WAITING, ACTIVE, COMPLETED, FAILED, HELD, CANCELLED = 0, 1, 2, 3, 4, 5

-- At most so many arguments go into one command: the stack of Lua has a limit.
local MOST = 1000

-- A member that never comes, and is long: with it Redis keeps a sorted set as it keeps large ones, in which it finds any member
-- at once. In a small one it looks at each, and that is dear from a dozen on.
local NEVER, LONG = '+inf', string.rep('-', 65)

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

-- Changes, gathered by key, since one command with many members costs little more than one with one. A member that is removed
-- and added is added.
local added, removed, put, unset, pushed = {}, {}, {}, {}, {}

local function gathered(changes, key)
  local list = changes[key]
  if not list then list = {}; changes[key] = list end
  return list
end

-- A member of a sorted set.
local function add(key, score, member)
  if type(score) == 'number' then score = text(score) end
  local list = gathered(added, key)
  local n = #list
  list[n + 1], list[n + 2] = score, member
end

local function rem(key, member)
  local list = gathered(removed, key)
  list[#list + 1] = member
end

-- A field of a hash.
local function set_field(key, field, value)
  local list = gathered(put, key)
  local n = #list
  list[n + 1], list[n + 2] = field, value
end

local function del_field(key, field)
  local list = gathered(unset, key)
  list[#list + 1] = field
end

-- An element at the end of a list.
local function push(key, element)
  local list = gathered(pushed, key)
  list[#list + 1] = element
end

-- `key` is the first argument of each command, or nil.
local function in_parts(command, key, list)
  local length = #list
  if length == 0 then return end
  if length <= MOST then
    if key then call(command, key, unpack(list)) else call(command, unpack(list)) end
    return
  end
  for from = 1, length, MOST do
    local to = math.min(from + MOST - 1, length)
    if key then call(command, key, unpack(list, from, to)) else call(command, unpack(list, from, to)) end
  end
end

-- The same of a command that answers a value for each member; `key` as before.
local function read_parts(command, key, list)
  if #list == 0 then return {} end
  if #list <= MOST then return key and call(command, key, unpack(list)) or call(command, unpack(list)) end
  local all = {}
  for from = 1, #list, MOST do
    local to = math.min(from + MOST - 1, #list)
    local part = key and call(command, key, unpack(list, from, to)) or call(command, unpack(list, from, to))
    for i = 1, to - from + 1 do all[from + i - 1] = part[i] end
  end
  return all
end

-- Changes of counters, likewise.
local counted = {}

local function count(key, field, by)
  local fields = gathered(counted, key)
  fields[field] = (fields[field] or 0) + by
end

-- What else is written at the end of a script; the order of jobs fills it in.
local flush_firsts = function() end

-- What is to be written before new jobs are; that of a schedule is.
local before_writing = function() end

local function flush()
  flush_firsts()
  for key, list in pairs(removed) do in_parts('ZREM', key, list) end
  for key, list in pairs(added) do in_parts('ZADD', key, list) end
  for key, list in pairs(unset) do in_parts('HDEL', key, list) end
  for key, list in pairs(put) do in_parts('HSET', key, list) end
  for key, fields in pairs(counted) do
    for field, by in pairs(fields) do
      if by ~= 0 and call('HINCRBY', key, field, by) == 0 then call('HDEL', key, field) end
    end
  end
  for key, list in pairs(pushed) do in_parts('RPUSH', key, list) end
  added, removed, put, unset, pushed, counted = {}, {}, {}, {}, {}, {}
end

-- Ids and epochs as text: 16 digits, so that they sort as text as they do as numbers.
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
      heads = P .. 'h:' .. at, leases = P .. 'l:' .. queue, behind = P .. 'behind:' .. queue,
      waiting = P .. 'w:' .. text, numbers = P .. 'n:' .. at, dead = P .. 'f:' .. org,
      members = {}, ready = {}, by_id = {},
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
