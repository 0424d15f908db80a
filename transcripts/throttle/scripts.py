"""What the limiter does within Redis: each script sees and changes an account's state as one.

KEYS are always the account's `slots`, `cool`, `known`, `probe` and `anchor`, in this order.
"""

from __future__ import annotations

from typing import Final

# Redis's own clock, in milliseconds
NOW: Final = "local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)"

# ARGV: the limit (0: none), how long a slot is held (ms), the upload's token, how long a probe may be unanswered (ms)
ACQUIRE: Final = """
local limit, hold, token, patience = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local cool = tonumber(redis.call('GET', KEYS[2]) or '0')
if cool > now then return {'wait', cool - now} end
local asked = tonumber(redis.call('HGET', KEYS[4], 'until') or '-1')
if asked > now then return {'wait', math.min(asked - now, 1000)} end
if limit > 0 then
  if redis.call('EXISTS', KEYS[3]) == 0 then return {'unknown', 0} end
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  if redis.call('ZCARD', KEYS[1]) >= limit then
    local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
    return {'wait', math.max(1, math.ceil(first[2] - now))}
  end
  redis.call('ZADD', KEYS[1], now + hold, token)
end
if asked >= 0 then redis.call('HSET', KEYS[4], 'until', now + patience, 'token', token) end
return {'ok', 0}
"""

# ARGV: the window (ms), the token, the margin to begin with (ms)
BEGIN: Final = """
if tonumber(redis.call('HGET', KEYS[5], 'answer_until') or '0') > now then return end
local margin = tonumber(redis.call('HGET', KEYS[5], 'margin') or ARGV[3])
redis.call('ZADD', KEYS[1], 'XX', now + ARGV[1] + margin, ARGV[2])
redis.call('HSET', KEYS[5], 'margin', margin)
"""

# ARGV: the window with its margin (ms), how long ago the answer came (ms), the token, how long the upload took (ms),
# whether it was refused with 429; from when an upload is long (ms); the margin's least and most (ms), after how many
# long uploads it shrinks; a day and an hour (ms), the margin to begin with (ms), the limit
SETTLE: Final = """
local took, refused, limit = tonumber(ARGV[4]), ARGV[5] == '1', tonumber(ARGV[13])
local long, least, most, every, day, hour = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]),
  tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local function at(name) return tonumber(redis.call('HGET', KEYS[5], name) or '0') end
local from_start = took >= long and not refused and at('answer_until') <= now
if limit > 0 then
  if from_start then redis.call('HSET', KEYS[5], 'early_until', now + ARGV[1])
  else redis.call('ZADD', KEYS[1], now + ARGV[1] - ARGV[2], ARGV[3]) end
end
if refused then
  redis.call('HINCRBY', KEYS[5], 'refused', 1)
  local margin = at('margin') > 0 and at('margin') or tonumber(ARGV[12])
  if at('early_until') > now and at('answer_until') <= now then
    if took >= long or at('doubled_until') > now or 2 * margin > most then
      redis.call('HSET', KEYS[5], 'answer_until', now + day, 'margin', ARGV[12])
    else redis.call('HSET', KEYS[5], 'margin', 2 * margin, 'doubled_until', now + hour) end
  end
  return
end
if redis.call('HGET', KEYS[4], 'token') == ARGV[3] then redis.call('DEL', KEYS[4]) end
redis.call('HSET', KEYS[5], 'refused', 0)
if from_start and at('margin') > least and redis.call('HINCRBY', KEYS[5], 'taken', 1) % every == 0 then
  redis.call('HSET', KEYS[5], 'margin', math.max(least, math.floor(0.9 * at('margin'))))
end
"""

# ARGV: the token
RELEASE: Final = """
redis.call('ZREM', KEYS[1], ARGV[1])
if redis.call('HGET', KEYS[4], 'token') == ARGV[1] then
  redis.call('HSET', KEYS[4], 'until', 0); redis.call('HDEL', KEYS[4], 'token')
end
"""

# ARGV: how long (ms). Once it is over one upload asks whether the provider takes more, before others follow
COOL: Final = """
local till = now + tonumber(ARGV[1])
if till > tonumber(redis.call('GET', KEYS[2]) or '0') then redis.call('SET', KEYS[2], till, 'PX', ARGV[1]) end
redis.call('DEL', KEYS[4]); redis.call('HSET', KEYS[4], 'until', 0)
"""

# ARGV: the window with its margin (ms)
SHORTEN: Final = """
local most, changed = now + tonumber(ARGV[1]), 0
for i, token in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. most, '+inf')) do
  redis.call('ZADD', KEYS[1], most, token); changed = changed + 1
end
return changed
"""

SLOTS: Final = """
local cool = tonumber(redis.call('GET', KEYS[2]) or '0')
local found = {math.max(0, cool - now)}
for i, v in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf', 'WITHSCORES')) do
  if i % 2 == 0 then found[#found + 1] = math.ceil(v - now) end
end
return found
"""

COUNTED: Final = """
local function at(name) return tonumber(redis.call('HGET', KEYS[5], name) or '0') end
return {at('answer_until') > now and 1 or 0, at('margin'), at('refused')}
"""
