-- A step of bringing the lanes that a scope covers into step with pauses and limits. ARGV: the scope, the lane to go on after.
-- Answers the last lane looked at, or '' at the end. A pause is set or lifted in the first step.
local wanted, after, change = lane_of(ARGV[1]).parts, ARGV[2], ARGV[3]
local LANES = 100

if change == 'pause' then call('SADD', P .. 'pauses', ARGV[1]) end
if change == 'resume' then call('SREM', P .. 'pauses', ARGV[1]) end

local function covers(lane)
  for i, part in ipairs(lane.parts) do
    local optional = i == 3 or i == 5
    if wanted[i] ~= '*' and wanted[i] ~= (optional and part or '=' .. part) then return false end
  end
  return true
end

-- The lanes of an org stand together.
local from, to = '-', '+'
if wanted[1] ~= '*' then
  local org = string.sub(wanted[1], 2)
  from, to = '[' .. org .. SEP, '(' .. org .. '\32'
end
if after ~= '' then from = '(' .. after end
local texts = call('ZRANGEBYLEX', P .. 'lanes', from, to, 'LIMIT', 0, LANES)
for _, text in ipairs(texts) do
  local lane = lane_of(text)
  if call('EXISTS', lane.waiting) == 0 then
    rem(P .. 'lanes', text)
  elseif covers(lane) then
    for priority = 1, 5 do touched[lane.members[priority]] = lane end
  end
end
flush()
touch()
return #texts == LANES and texts[#texts] or ''
