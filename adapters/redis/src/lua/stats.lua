-- ARGV: org, queue or '', now. Answers the numbers of the states in their order, then of those that wait how many are delayed and
-- how many paused. It reads counters and walks lanes, not jobs.
local org, now = ARGV[1], tonumber(ARGV[3])
local queues = ARGV[2] ~= '' and { ARGV[2] } or call('SMEMBERS', P .. 'queues:' .. org)
local counts = { 0, 0, 0, 0, 0, 0, 0, 0 }
for _, queue in ipairs(queues) do
  local at = org .. SEP .. queue
  for i, number in ipairs(call('HMGET', P .. 'n:' .. at, WAITING, ACTIVE, COMPLETED, FAILED, HELD, CANCELLED)) do
    counts[i] = counts[i] + (number or 0)
  end
  for _, text in ipairs(call('ZRANGEBYLEX', P .. 'lanes', '[' .. at .. SEP, '(' .. at .. '\32')) do
    local lane = lane_of(text)
    if paused(lane) then
      counts[8] = counts[8] + call('ZCARD', lane.waiting)
    else
      counts[7] = counts[7] + call('ZCOUNT', lane.waiting, '(' .. name(now), '+inf')
    end
  end
end
return counts
