-- ARGV: queue. Answers the first instant at which a claim may find something, or ''.
--
-- Where a limit that another lane has used up, or a pause, has put off what stands first, that is brought into step on the way, as
-- far as a bounded walk goes: beyond it the answer may be too early.
local queue, first = ARGV[1], math.huge
local WALK, LANES = 100, 64
local wake = P .. 'wake:' .. queue

-- When the first job of a lane may be claimed, as far as that is known; nil where none may.
local function opening(member)
  local lane, ready = lane_of(sub(member, 2)), call('ZRANGE', P .. 'r:' .. member, 0, 0, 'WITHSCORES')
  if not ready[1] or ready[1] == LONG or paused(lane) then return nil end
  return opens(lane, tonumber(ready[2]))
end

-- The same of an org.
local function earliest(org)
  local heads, score = P .. 'h:' .. org .. SEP .. queue, nil
  for _ = 1, LANES do
    local head = call('ZRANGE', heads, 0, 0, 'WITHSCORES')
    if not head[1] then return nil end
    score = tonumber(head[2])
    local real = opening(head[1])
    if real and real <= score then return score end
    if real then call('ZADD', heads, text(real), head[1]) else call('ZREM', heads, head[1]) end
  end
  return score
end

-- Looks at members of a sorted set in their order, while they may be the first.
local function look(key, when)
  local list = call('ZRANGE', key, 0, WALK - 1, 'WITHSCORES')
  for i = 1, #list, 2 do
    local score = tonumber(list[i + 1])
    if score >= first then return end
    first = math.min(first, when(list[i], score) or math.huge)
  end
end

local function of_org(org, score)
  local at = earliest(org)
  if not at then
    call('ZREM', wake, org)
  elseif at ~= score then
    call('ZADD', wake, text(at), org)
  end
  return at
end

local function of_parked(id, score)
  local j = load({ id })[1]
  return j and not paused(j.lane) and opens(j.lane, score)
end

look(P .. 'l:' .. queue, function(_, score) return score end)
look(wake, of_org)
look(P .. 'behind:' .. queue, of_parked)
for _, org in ipairs(call('ZRANGE', P .. 'ring:' .. queue, 0, WALK - 1)) do
  first = math.min(first, earliest(org) or math.huge)
end
return first < math.huge and name(first) or ''
