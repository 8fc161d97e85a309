-- From one state to another. What a state has as indexes:
--
--   all                  i<state>:<org><queue>, by id; waiting, active and held jobs share that of the waiting
--   waiting              those of lanes
--   active               `a`, with their epochs, and l:<queue>, by the end of the lease
--   completed            c:<org>, ids of many that ended at one instant; in i2 each stands with that instant
--   failed, cancelled    f:<org>, by the instant of their end
--   held                 o:<org><hold key>, by id; n:<org><queue> says how many
--
-- So the jobs of each state are counted: those of its index, and what else shares it is taken off.
local function hold_index(j, key) return P .. 'o:' .. j.lane.org .. SEP .. key end

local function out_of_waiting(j)
  local lane = j.lane
  rem(lane.waiting, j.id)
  rem(lane.ready[j.priority], member(j))
  touch_job(lane, j.priority)
  if has(j, BEHIND) then
    rem(lane.behind, j.id)
    unmark(j, BEHIND)
  end
end

local lanes_used = {}

local function into_waiting(j)
  local lane = j.lane
  add(lane.waiting, j.run_at, j.id)
  if not lanes_used[lane] then
    lanes_used[lane] = true
    add(P .. 'lanes', 0, lane.text)
    call('SADD', P .. 'queues:' .. lane.org, lane.queue)
  end
end

-- Takes the job out of the indexes of its state; of those that are completed `clean` does.
local function out(j)
  local state, lane = j.state, j.lane
  rem(lane.by_id[state], j.id)
  if state == WAITING then
    out_of_waiting(j)
  elseif state == ACTIVE then
    rem(lane.leases, j.id)
    call('HDEL', ACTIVE_JOBS, j.id)
  elseif state == HELD then
    rem(hold_index(j, extra(j, 'h') or ''), j.id)
    count(lane.numbers, 'held', -1)
  else
    rem(lane.dead, j.id)
  end
end

-- Puts it into the indexes of its state: not active, not completed.
local function into(j)
  local state, lane = j.state, j.lane
  add(lane.by_id[state], j.id, j.id)
  if state == WAITING then
    into_waiting(j)
  elseif state == HELD then
    add(hold_index(j, extra(j, 'h') or ''), j.id, j.id)
    count(lane.numbers, 'held', 1)
  else
    add(lane.dead, j.time, j.id)
  end
end

local function unique_name(j) return P .. 'u:' .. j.lane.at .. SEP .. j.unique end

local function forget_unique(j)
  if not has(j, UNIQUE) then return end
  local key = unique_name(j)
  if call('GET', key) == j.id then call('DEL', key) end
end

local function wait(j, run_at)
  out(j)
  j.state, j.run_at, j.time = WAITING, run_at, 0
  into(j)
end

-- Ends an attempt in another way than completion, or what has not begun.
local function finish(j, state, now)
  out(j)
  j.state, j.time = state, now
  into(j)
  if state == FAILED then park(j, now) end
  if state ~= HELD then forget_unique(j) end
  leave(j)
end

local function fail_counted(j, code, retry_at, now)
  j.attempts = j.attempts + 1
  put_extra(j, 'r', code)
  if j.attempts < j.most then
    wait(j, retry_at)
    stay(j)
  else
    finish(j, FAILED, now)
  end
end

-- Back to waiting from where it had ended, in its old place; what was due earlier stays so.
local function revive(j, now)
  unpark(j)
  wait(j, math.min(j.run_at, now))
  enter(j)
end

-- The end of every script that changes jobs.
local function done(now)
  turns(now)
  flush()
  touch()
end
