-- ARGV: how many jobs, their records, and for each that may meet another one its place among them and how: mode, the longest that
-- a debounced job waits, and the name of its source. Answers the number before the first new id, and for each job that is not
-- new under the next of these numbers its place, its id and how (1 replaced, 2 skipped); an error before anything is written.
local SKIP, REPLACE, AFTER_RUN, DEBOUNCE = 1, 2, 3, 4
local REPLACED, SKIPPED = 1, 2
-- A source is known for a week; the server forgets it a day later.
local WEEK, FORGOTTEN = 604800000000, 691200

local jobs, now = {}, -math.huge
local newest, sources = {}, {}
local how_many = tonumber(ARGV[1])
local last = draw(how_many)

local function read()
  for n = 1, how_many do
    local j = parse(name(last + n), ARGV[n + 1])
    now = math.max(now, j.enqueued)
    jobs[n] = j
  end
  for i = how_many + 2, #ARGV, 2 do
    local j, pos = jobs[tonumber(ARGV[i])], nil
    j.mode, j.longest, pos = struct.unpack('<Bd', ARGV[i + 1])
    local source = sub(ARGV[i + 1], pos)
    j.source = source ~= '' and source or nil
  end
end

-- Looks who is first of all the lines.
local function read_lines()
  local lines, seen = {}, {}
  for _, j in ipairs(jobs) do
    for i = 1, j.keys do
      local of = line(j, i)
      if not seen[of] then
        seen[of] = true
        lines[#lines + 1] = of
      end
    end
  end
  read_firsts(lines)
end

local function source_name(j) return P .. 's:' .. j.source end

-- The job that came from the same source within a week.
local function known_source(j)
  local key = source_name(j)
  if sources[key] then return sources[key] end
  local known = call('GET', key)
  if not known then return nil end
  local id, at = string.match(known, '^(%d+) (.+)$')
  return j.enqueued - tonumber(at) < WEEK and id or nil
end

-- The newest unsettled job of the same unique key: one of the store, or one that stands before in the call.
local function find_newest(j)
  local key = unique_name(j)
  if newest[key] == nil then
    local id = call('GET', key)
    newest[key] = id and load({ id })[1] or false
  end
  return newest[key]
end

local function line_keys(j) return sub(j.raw, FIRST_KEY, FIRST_KEY + 32 * j.keys - 1) end

-- Decides what becomes of each, without a write.
local function plan(j)
  local known = j.source and known_source(j)
  if known then
    j.how, j.stands, j.source = SKIPPED, known, nil
  elseif has(j, UNIQUE) then
    local met = find_newest(j)
    local replaces = met and met.state ~= ACTIVE and j.mode ~= SKIP
    if replaces then
      if line_keys(met) ~= line_keys(j) then return false end
      j.how, j.stands = REPLACED, met.id
    elseif met and j.mode <= REPLACE then
      j.how, j.stands = SKIPPED, met.id
    else
      newest[unique_name(j)] = j
    end
  end
  if j.source then sources[source_name(j)] = j.stands or j.id end
  return true
end

local function insert(j)
  into(j)
  local behind
  for i = 1, j.keys do
    local of = line(j, i)
    if first(of) then
      behind = behind or ticket(j)
      push(of, behind)
    else
      set_first(of, j.id)
    end
  end
  if not behind then turn(j, now) end
  if has(j, UNIQUE) then call('SET', unique_name(j), j.id) end
end

-- It keeps id, place, attempts and the instant of its enqueueing, and takes over everything else.
local function replace(j)
  flush()
  local old = load({ j.stands })[1]
  local waits = old.state == WAITING
  if waits then out(old) end
  j.id, j.state, j.attempts, j.epoch, j.time, j.enqueued = old.id, old.state, old.attempts, old.epoch, old.time, old.enqueued
  if has(old, EXTRAS) then mark(j, EXTRAS) end
  if j.mode == DEBOUNCE then j.run_at = math.min(j.run_at, old.enqueued + j.longest) end
  if waits then into(j) end
  call('SET', P .. 'j:' .. j.id, header(j) .. sub(j.raw, FIRST_KEY))
  if waits then
    renew_tickets(old, j)
    turn(j, now)
  end
end

read()
for _, j in ipairs(jobs) do
  if not plan(j) then return redis.error_reply('INVALID the ordering keys of a replacement') end
end

before_writing()
read_lines()
local new = {}
for _, j in ipairs(jobs) do
  if not j.how then
    local n = #new
    new[n + 1], new[n + 2] = P .. 'j:' .. j.id, j.raw
  end
end
in_parts('MSET', nil, new)

local answer = { name(last) }
for n, j in ipairs(jobs) do
  local id = j.how and j.stands or j.id
  if not j.how then insert(j) elseif j.how == REPLACED then replace(j) end
  if j.source then
    call('SET', source_name(j), id .. ' ' .. name(j.enqueued), 'EX', FORGOTTEN)
  end
  if j.how then
    local to = #answer
    answer[to + 1], answer[to + 2], answer[to + 3] = n, id, j.how
  end
end
flush()
touch()
return answer
