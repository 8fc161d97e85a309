-- Schedules and the lease of the one who fires them. schedules:<org> holds for each name when it fires next and fired last (or ''),
-- whether it is enabled, and its definition, which only the client reads; schedules-due has the enabled ones by when they fire.
local DUE, LEADER = P .. 'schedules-due', P .. 'schedules-leader'

local function schedules_of(org) return P .. 'schedules:' .. org end

local function read_schedule(org, name)
  local packed = call('HGET', schedules_of(org), name)
  if not packed then return nil end
  local next, last, enabled, body = string.match(packed, '^(%-?%d*) (%-?%d*) ([01]) (.*)$')
  return { next = next, last = last, enabled = enabled, body = body }
end

local function write_schedule(org, name, schedule)
  local packed = schedule.next .. ' ' .. schedule.last .. ' ' .. schedule.enabled .. ' ' .. schedule.body
  call('HSET', schedules_of(org), name, packed)
  if schedule.enabled == '1' and schedule.next ~= '' then
    call('ZADD', DUE, schedule.next, org .. SEP .. name)
  else
    call('ZREM', DUE, org .. SEP .. name)
  end
end

local function leads(epoch) return call('HGET', LEADER, 'epoch') == epoch end
