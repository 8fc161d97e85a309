-- ARGV: org, queue or '', now. Answers the numbers of the states in their order, then of those that wait how many are delayed and
-- how many paused. It asks how large indexes are and walks lanes, not jobs.
local org, now = ARGV[1], tonumber(ARGV[3])
local queues = ARGV[2] ~= '' and { ARGV[2] } or call('SMEMBERS', P .. 'queues:' .. org)
local counts = { 0, 0, 0, 0, 0, 0, 0, 0 }

local function more(state, by) counts[state + 1] = counts[state + 1] + by end

for _, queue in ipairs(queues) do
  local at = org .. SEP .. queue
  local by_id = lane_of(at).by_id
  local held, waiting = call('HGET', lane_of(at).numbers, 'held') or 0, 0
  for _, text in ipairs(call('ZRANGEBYLEX', P .. 'lanes', '[' .. at .. SEP, '(' .. at .. '\32')) do
    local lane, of_lane = lane_of(text), call('ZCARD', lane_of(text).waiting)
    waiting = waiting + of_lane
    if paused(lane) then
      counts[8] = counts[8] + of_lane
    else
      counts[7] = counts[7] + call('ZCOUNT', lane.waiting, '(' .. name(now), '+inf')
    end
  end
  more(WAITING, waiting)
  more(ACTIVE, call('ZCARD', by_id[WAITING]) - held - waiting)
  more(HELD, held)
  for _, state in ipairs({ COMPLETED, FAILED, CANCELLED }) do more(state, call('ZCARD', by_id[state])) end
end
return counts
