-- ARGV: queue. Answers the first instant at which a claim may find something, or ''.
local queue, first = ARGV[1], math.huge

local function look(key)
  local entry = call('ZRANGE', key, 0, 0, 'WITHSCORES')
  if entry[2] then first = math.min(first, tonumber(entry[2])) end
end

look(P .. 'wake:' .. queue)
look(P .. 'l:' .. queue)
look(P .. 'behind:' .. queue)
for _, org in ipairs(call('ZRANGE', P .. 'ring:' .. queue, 0, 99)) do look(P .. 'h:' .. org .. SEP .. queue) end
return first < math.huge and name(first) or ''
