-- ARGV: epoch, org, name, the instant at which the schedule was due, the next one and the last one or '', whether all
-- jobs are of the org, then as `enqueue`, which stands behind. Answers nothing where the leadership or the schedule is not as it was.
local epoch, org, of, due, next, last, same_org = unpack(ARGV, 1, 7)
for _ = 1, 7 do table.remove(ARGV, 1) end

local schedule = read_schedule(org, of)
if not leads(epoch) or not schedule or schedule.enabled == '0' or schedule.next ~= due then return {} end
if same_org == '0' then return redis.error_reply('FOREIGN a job of another org') end

before_writing = function()
  schedule.next = next
  if last ~= '' then schedule.last = last end
  write_schedule(org, of, schedule)
end
