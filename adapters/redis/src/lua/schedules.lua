-- ARGV: what to do, then by what it is.
local actions = {}

-- org, name, next instant or '', enabled, definition. Answers whether something changed.
function actions.put(org, name, next, enabled, body)
  local known = read_schedule(org, name)
  if known and known.body == body then return 0 end
  write_schedule(org, name, { next = next, last = known and known.last or '', enabled = enabled, body = body })
  return 1
end

-- org, name. Answers whether it was there.
function actions.remove(org, name)
  call('ZREM', DUE, org .. SEP .. name)
  return call('HDEL', schedules_of(org), name)
end

-- now, how many at most. Answers what is kept of each, the longest due first.
function actions.due(now, most)
  local answer = {}
  for i, member in ipairs(call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, most)) do
    local org, name = string.match(member, '^([^' .. SEP .. ']*)' .. SEP .. '(.*)$')
    answer[i] = call('HGET', schedules_of(org), name)
  end
  return answer
end

-- Answers when the first one fires, or ''.
function actions.next()
  local first = call('ZRANGE', DUE, 0, 0, 'WITHSCORES')[2]
  return first and name(tonumber(first)) or ''
end

-- holder, the end of the lease, now. Answers epoch and end, or nothing where another one leads.
function actions.lead(holder, until_, now)
  local leader, epoch, ends = unpack(call('HMGET', LEADER, 'holder', 'epoch', 'until'))
  if ends and tonumber(ends) > tonumber(now) then
    if leader ~= holder then return {} end
    if tonumber(ends) > tonumber(until_) then until_ = ends end
  else
    epoch = name(draw(1) + 1)
  end
  call('HSET', LEADER, 'holder', holder, 'epoch', epoch, 'until', until_)
  return { epoch, until_ }
end

-- epoch.
function actions.resign(epoch)
  if leads(epoch) then call('DEL', LEADER) end
  return 1
end

return actions[ARGV[1]](unpack(ARGV, 2))
