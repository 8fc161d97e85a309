-- ARGV: what to do, now, scope; then by what it is. The limits of a scope that has neither a limit nor a closure are forgotten.
local action, now, scope = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local packed = call('HGET', P .. 'limits', scope)
local limit = packed and limit_at(scope, packed)
  or { scope = scope, token = 0, burst = 0, full = now, closed = -math.huge, tokens = 0, seconds = 0, nanos = 0 }

if action == 'set' then
  if limit.token == 0 then limit.full = now end
  limit.token, limit.burst, limit.tokens, limit.seconds, limit.nanos =
    tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
elseif action == 'close' then
  local until_ = tonumber(ARGV[4])
  limit.closed = until_ > now and math.max(until_, limit.closed) or -math.huge
elseif action == 'observe' and limit.token > 0 then
  local missing = math.max(limit.burst - tonumber(ARGV[4]), 0)
  limit.full = math.max(limit.full, now + math.ceil(limit.token * missing / 1000000))
end
if limit.token > 0 or limit.closed > now then store(limit) else call('HDEL', P .. 'limits', scope) end
return 1
