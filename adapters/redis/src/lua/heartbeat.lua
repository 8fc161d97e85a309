-- ARGV: the new end of the leases, then for each beat id, epoch, org, and the progress or ''. Answers 1 where the lease is held.
local until_ = tonumber(ARGV[1])
local beats, ids = {}, {}
for i = 2, #ARGV do
  local id, epoch, org, pos = struct.unpack('<ddBc0', ARGV[i])
  beats[i - 1] = { epoch = epoch, org = org, progress = string.sub(ARGV[i], pos) }
  ids[i - 1] = name(id)
end
local answer = {}
for i, j in ipairs(load(ids)) do
  local beat = beats[i]
  if holds(j, beat.org, beat.epoch) then
    j.time = until_
    if beat.progress ~= '' then put_extra(j, 'p', beat.progress) end
    save(j)
    add(j.lane.leases, until_, j.id)
    answer[i] = 1
  else
    answer[i] = 0
  end
end
flush()
return answer
