-- ARGV: now, then for each settlement id, epoch, outcome, org, the instant of the retry, code and hold key. Answers the state
-- that each job has now, or -1 where the lease was lost.
local COMPLETE, COUNTED, UNCOUNTED, DEAD, HOLD = 0, 1, 2, 3, 4
local now = tonumber(ARGV[1])

local function read()
  local list, ids = {}, {}
  for i = 2, #ARGV do
    local id, epoch, outcome, at, org, pos = struct.unpack('<ddBdBc0', ARGV[i])
    local code
    code, pos = struct.unpack('<Hc0', ARGV[i], pos)
    list[i - 1] = { id = name(id), epoch = epoch, outcome = outcome, at = at, org = org, code = code, key = string.sub(ARGV[i], pos) }
    ids[i - 1] = list[i - 1].id
  end
  return list, ids
end

local function hold(j, code, key)
  put_extra(j, 'r', code)
  put_extra(j, 'h', key)
  finish(j, HELD, now)
end

local function settle(j, said)
  if said.outcome == COMPLETE then
    finish(j, COMPLETED, now)
  elseif said.outcome == COUNTED then
    fail_counted(j, said.code, said.at, now)
  elseif said.outcome == UNCOUNTED then
    put_extra(j, 'r', said.code)
    wait(j, said.at)
    stay(j)
  elseif said.outcome == DEAD then
    j.attempts = j.attempts + 1
    put_extra(j, 'r', said.code)
    finish(j, FAILED, now)
  else
    hold(j, said.code, said.key)
  end
  save(j)
  return j.state
end

local list, ids = read()
local jobs, known, answer = load(ids), {}, {}
for i, said in ipairs(list) do
  local j = known[said.id] or jobs[i]
  known[said.id] = j
  answer[i] = holds(j, said.org, said.epoch) and settle(j, said) or -1
end
done(now)
return answer
