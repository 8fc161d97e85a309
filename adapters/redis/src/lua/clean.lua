-- ARGV: org, which index (`c` or `f`), before when, how many at most. Answers how many jobs were removed.
local org, key, most = ARGV[1], P .. ARGV[2] .. ':' .. ARGV[1], tonumber(ARGV[4])
local ids = call('ZRANGEBYSCORE', key, '-inf', '(' .. ARGV[3], 'LIMIT', 0, most)
local names = {}
for i, j in ipairs(load(ids)) do
  rem(key, ids[i])
  if j then
    unpark(j)
    out(j)
    names[#names + 1] = P .. 'j:' .. j.id
    if has(j, EXTRAS) then names[#names + 1] = P .. 'x:' .. j.id end
  end
end
in_parts('UNLINK', nil, names)
done(0)
return #ids
