-- ARGV: the new end of the leases, then for each beat id, epoch (16 digits each), org, and the progress or ''. Answers 1 where the
-- lease is held.
local until_ = tonumber(ARGV[1])
local beats, ids = {}, {}
for i = 2, #ARGV do
  local org, pos = struct.unpack('<Bc0', ARGV[i], 33)
  beats[i - 1] = { epoch = sub(ARGV[i], 17, 32), org = org, progress = sub(ARGV[i], pos) }
  ids[i - 1] = sub(ARGV[i], 1, 16)
end
local answer = {}
for i, raw in ipairs(records(ids)) do
  local beat, id = beats[i], ids[i]
  local active = raw and call('HGET', ACTIVE_JOBS, id)
  local lane = active and lane_in(raw, byte(raw, KEYS_COUNT))
  if lane and sub(active, 1, EPOCH) == beat.epoch and lane.org == beat.org then
    if beat.progress ~= '' then
      local j = parse(id, raw)
      put_extra(j, 'p', beat.progress)
      save(j)
    end
    add(lane.leases, until_, id)
    answer[i] = 1
  else
    answer[i] = 0
  end
end
flush()
return answer
