-- ARGV: org, which index (`c` or `f`), before when, how many at most. Answers how many jobs were removed, and whether there may be
-- more. In the index of the completed a member is the ids of many.
local org, key, most = ARGV[1], P .. ARGV[2] .. ':' .. ARGV[1], tonumber(ARGV[4])
local ID = 16

local found = call('ZRANGEBYSCORE', key, '-inf', '(' .. ARGV[3], 'WITHSCORES', 'LIMIT', 0, most)
local ids, endings, read = {}, {}, 0
for i = 1, #found, 2 do
  if #ids >= most then break end
  read = i + 1
  rem(key, found[i])
  for from = 1, #found[i], ID do
    ids[#ids + 1] = sub(found[i], from, from + ID - 1)
    endings[#ids] = ':' .. found[i + 1]
  end
end

local names = {}
for i, raw in ipairs(records(ids)) do
  if raw then
    local j = parse(ids[i], raw)
    if ARGV[2] == 'c' then
      rem(j.lane.by_id[COMPLETED], j.id .. endings[i])
    else
      unpark(j)
      out(j)
    end
    names[#names + 1] = P .. 'j:' .. j.id
    if has(j, EXTRAS) then names[#names + 1] = P .. 'x:' .. j.id end
  end
end
in_parts('UNLINK', nil, names)
done(0)
return { #ids, read < #found and 1 or #found == 2 * most and 1 or 0 }
