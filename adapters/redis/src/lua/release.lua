-- ARGV: org, hold key, now, how many at most. Answers how many of the held jobs went back to waiting.
local key, now = P .. 'o:' .. ARGV[1] .. SEP .. ARGV[2], tonumber(ARGV[3])
local ids = call('ZRANGE', key, 0, tonumber(ARGV[4]) - 1)
local count = 0
for i, j in ipairs(load(ids)) do
  if j and j.state == HELD then
    revive(j, now)
    save(j)
    count = count + 1
  else
    rem(key, ids[i])
  end
end
done(now)
return { #ids, count }
