/**
 * What the shared limiter does in Redis, atomically, by Redis' own clock. A quota is a few fields of one hash: `r:NAME`
 * what remains, `t:NAME` its reset in epoch milliseconds, `l:NAME` its limit, `w:NAME` the length of its window, `e:NAME`
 * where the reset is only an estimate.
 */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * KEYS held, quotas, sent. ARGV reserve, requests and milliseconds of the rate (0 where there is none). Returns the
 * milliseconds to wait; 0 where the request may go, and is counted.
 */
export const ACQUIRE = `${NOW}
local reserve = tonumber(ARGV[1])
local rate = tonumber(ARGV[2])
local perMs = tonumber(ARGV[3])
local wait = math.max(0, (tonumber(redis.call('GET', KEYS[1])) or 0) - now)
local all = redis.call('HGETALL', KEYS[2])
local quota = {}
for i = 1, #all, 2 do quota[all[i]] = all[i + 1] end
local names = {}
for field, value in pairs(quota) do
  if string.sub(field, 1, 2) == 'r:' then
    local name = string.sub(field, 3)
    local reset = tonumber(quota['t:' .. name]) or 0
    local limit = tonumber(quota['l:' .. name])
    local remaining = tonumber(value)
    if reset <= now and limit then
      reset = now + (tonumber(quota['w:' .. name]) or 60000)
      remaining = limit
      redis.call('HSET', KEYS[2], 'r:' .. name, limit, 't:' .. name, reset, 'e:' .. name, 1)
    end
    if reset <= now then
      redis.call('HDEL', KEYS[2], 'r:' .. name, 't:' .. name, 'w:' .. name, 'e:' .. name)
    else
      names[#names + 1] = name
      if remaining <= math.ceil((limit or 0) * reserve) then wait = math.max(wait, reset - now) end
    end
  end
end
if rate > 0 then
  local usable = math.max(1, rate - math.ceil(rate * reserve))
  local oldest = tonumber(redis.call('LINDEX', KEYS[3], -usable))
  if oldest then wait = math.max(wait, oldest + perMs - now) end
end
if wait > 0 then return math.ceil(wait) end
for _, name in ipairs(names) do redis.call('HINCRBY', KEYS[2], 'r:' .. name, -1) end
if rate > 0 then
  redis.call('RPUSH', KEYS[3], now)
  redis.call('LTRIM', KEYS[3], -rate, -1)
  redis.call('PEXPIRE', KEYS[3], perMs + 1000)
end
return 0
`;

/** KEYS held, quotas. ARGV milliseconds to hold everybody back, then for each quota: name, limit, remaining, ms to reset, ms of the window. */
export const OBSERVE = `${NOW}
local hold = tonumber(ARGV[1])
if hold > 0 then
  local known = tonumber(redis.call('GET', KEYS[1])) or 0
  if now + hold > known then redis.call('SET', KEYS[1], now + hold, 'PX', math.ceil(hold)) end
end
local longest = 0
for i = 2, #ARGV, 5 do
  local name = ARGV[i]
  local remaining = tonumber(ARGV[i + 2])
  local reset = now + tonumber(ARGV[i + 3])
  local known = redis.call('HMGET', KEYS[2], 'r:' .. name, 't:' .. name, 'e:' .. name)
  local same = known[1] and (known[3] or math.abs(tonumber(known[2]) - reset) <= 1500)
  if same then remaining = math.min(remaining, tonumber(known[1])) end
  redis.call('HSET', KEYS[2], 'r:' .. name, remaining, 't:' .. name, reset)
  redis.call('HDEL', KEYS[2], 'e:' .. name)
  if ARGV[i + 1] ~= '' then redis.call('HSET', KEYS[2], 'l:' .. name, ARGV[i + 1]) end
  if ARGV[i + 4] ~= '' then redis.call('HSET', KEYS[2], 'w:' .. name, ARGV[i + 4]) end
  longest = math.max(longest, reset - now)
end
if longest > 0 then redis.call('PEXPIRE', KEYS[2], math.ceil(longest) + 3600000) end
return 0
`;
