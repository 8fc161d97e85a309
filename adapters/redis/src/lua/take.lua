-- ARGV: lane (its kind and type of resource empty), cost, now. Answers '' when the tokens were taken, or when to ask again.
local lane, cost, now = lane_of(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local from = opens(lane, now)
if from > now then return name(from) end
charge(lane, cost, now)
store_limits()
return ''
