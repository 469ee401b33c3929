import { redisScript } from "../stores/redis-link.ts";
import { TOKEN_SLOTS } from "./windows.ts";

/**
 * Reads the server's clock and the parts of an account's state. `now` is in microseconds. Shared by the scripts below.
 *
 * State of an account, every key with a time to live:
 * - log (string): four doubles `end, capacity, minuteStart, hourStart`, then a ring of `capacity` doubles, the times of
 *   admitted requests; the algorithm is the one of `RequestLog`;
 * - tokens (string): two doubles `current, total`, then a ring of slots; the algorithm is the one of `TokenWindow`;
 * - leases (sorted set): requests under way by the time at which their places are free again.
 */
const PRELUDE = `
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local function double(text, place) return (struct.unpack('<d', text, place)) end
local function pack(...)
  local parts = {}
  for i, value in ipairs({...}) do parts[i] = struct.pack('<d', value) end
  return table.concat(parts)
end

local RING = ${TOKEN_SLOTS + 1}
local tokenCurrent, tokenTotal = 0, 0
local function tokenPlace(slot) return 16 + (slot % RING) * 8 end
local function tokensOf(slotUs)
  local head = redis.call('GETRANGE', KEYS[2], 0, 15)
  local slot = math.floor(now / slotUs)
  if #head < 16 then
    redis.call('SETRANGE', KEYS[2], 0, pack(slot, 0) .. string.rep('\\0', RING * 8))
    tokenCurrent, tokenTotal = slot, 0
  else
    tokenCurrent, tokenTotal = double(head, 1), double(head, 9)
    if slot > tokenCurrent then
      local all = redis.call('GETRANGE', KEYS[2], 16, -1)
      for i = math.max(tokenCurrent + 1, slot - RING + 1), slot do
        local value = double(all, (i % RING) * 8 + 1)
        if value ~= 0 then
          tokenTotal = tokenTotal - value
          redis.call('SETRANGE', KEYS[2], tokenPlace(i), string.rep('\\0', 8))
        end
      end
      tokenCurrent = slot
    end
  end
end
local function tokensIn(slot)
  local place = tokenPlace(slot)
  return double(redis.call('GETRANGE', KEYS[2], place, place + 7), 1)
end
local function addTokens(slot, count)
  redis.call('SETRANGE', KEYS[2], tokenPlace(slot), pack(tokensIn(slot) + count))
  tokenTotal = tokenTotal + count
end
local function keepTokens(slotUs)
  redis.call('SETRANGE', KEYS[2], 0, pack(tokenCurrent, tokenTotal))
  redis.call('PEXPIRE', KEYS[2], math.ceil((RING + 1) * slotUs / 1000))
end
`;

/**
 * Decides about one request and counts it: all limits or none, atomically, on the server's clock.
 *
 * ARGV: 1-4 the limits in the order of `BOUND_KINDS` (0 = none), 5-6 lengths of minute and hour in µs, 7 tokens,
 * 8 lease id (empty: only look), 9 lease in ms, 10 requests admitted without the server that it is told of now,
 * 11 time in µs after which the caller has given up (0 = never).
 *
 * Reply: `[outcome, now, minute used, minute wait, hour used, hour wait, tokens used, tokens wait, under way, token slot]`,
 * times in µs; outcome 0 = admitted, 1-4 = refused by that limit, 5 = came too late, nothing was done.
 */
export const ACQUIRE = redisScript(`${PRELUDE}
local perMinute, perHour = tonumber(ARGV[1]), tonumber(ARGV[2])
local perMinuteTokens, most = tonumber(ARGV[3]), tonumber(ARGV[4])
local minuteUs, hourUs = tonumber(ARGV[5]), tonumber(ARGV[6])
local tokens, lease, leaseMs = tonumber(ARGV[7]), ARGV[8], tonumber(ARGV[9])
local debt, deadline = tonumber(ARGV[10]), tonumber(ARGV[11])
if deadline > 0 and now > deadline then return {5, now, 0, 0, 0, 0, 0, 0, 0, -1} end
local capacity = math.max(perMinute, perHour)
local finish, minuteStart, hourStart = 0, 0, 0
local minuteUsed, minuteWait, hourUsed, hourWait = 0, 0, 0, 0
local isLogDirty = false

local function place(index) return 32 + (index % capacity) * 8 end
local function at(index) return double(redis.call('GETRANGE', KEYS[1], place(index), place(index) + 7), 1) end
local function firstAfter(from, horizon)
  from = math.max(from, finish - capacity)
  if from >= finish or at(from) > horizon then return from end
  if at(finish - 1) <= horizon then return finish end
  local low, step = from, 1
  while low + step < finish and at(low + step) <= horizon do
    low = low + step
    step = step * 2
  end
  local high = math.min(low + step, finish - 1)
  while high - low > 1 do
    local middle = math.floor((low + high) / 2)
    if at(middle) <= horizon then low = middle else high = middle end
  end
  return high
end
local function wait(limit, from, length)
  if limit == 0 or finish - from < limit then return 0 end
  return math.max(0, at(finish - limit) + length - now)
end

if capacity > 0 then
  local head = redis.call('GETRANGE', KEYS[1], 0, 31)
  if #head == 32 then
    finish, minuteStart, hourStart = double(head, 1), double(head, 17), double(head, 25)
    local stored = double(head, 9)
    if stored >= capacity then
      capacity = stored
    else
      local all = redis.call('GETRANGE', KEYS[1], 32, -1)
      local first = math.max(finish - stored, 0)
      local times = {}
      for i = first, finish - 1 do
        local from = (i % stored) * 8 + 1
        times[#times + 1] = string.sub(all, from, from + 7)
      end
      finish = finish - first
      minuteStart = math.max(minuteStart - first, 0)
      hourStart = math.max(hourStart - first, 0)
      redis.call('SETRANGE', KEYS[1], 32, table.concat(times))
      isLogDirty = true
    end
  end
  if finish > 0 then now = math.max(now, at(finish - 1)) end
  if debt > 0 then
    debt = math.min(debt, capacity)
    local head = math.min(debt, capacity - finish % capacity)
    redis.call('SETRANGE', KEYS[1], place(finish), string.rep(pack(now), head))
    if debt > head then redis.call('SETRANGE', KEYS[1], 32, string.rep(pack(now), debt - head)) end
    finish = finish + debt
    isLogDirty = true
  end
  minuteStart = firstAfter(minuteStart, now - minuteUs)
  hourStart = perHour > 0 and firstAfter(hourStart, now - hourUs) or minuteStart
end
if perMinuteTokens > 0 then tokensOf(minuteUs / ${TOKEN_SLOTS}) end
local held = 0
if most > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
  held = redis.call('ZCARD', KEYS[3])
end

local function tokenWait(count)
  local excess = tokenTotal + count - perMinuteTokens
  if excess <= 0 then return 0 end
  for slot = tokenCurrent - RING + 1, tokenCurrent do
    excess = excess - tokensIn(slot)
    if excess <= 0 then return (slot + RING) * minuteUs / ${TOKEN_SLOTS} - now end
  end
  return minuteUs
end

local outcome, longest = 0, 0
local function obstruct(kind, time)
  if time > longest then outcome, longest = kind, time end
end
obstruct(1, wait(perMinute, minuteStart, minuteUs))
obstruct(2, wait(perHour, hourStart, hourUs))
if tokens > 0 and perMinuteTokens > 0 then obstruct(3, tokenWait(tokens)) end
if most > 0 and held >= most and longest < 1000000 then outcome, longest = 4, 1000000 end

local slot = -1
if outcome == 0 and lease ~= '' then
  if capacity > 0 then
    redis.call('SETRANGE', KEYS[1], place(finish), pack(now))
    finish = finish + 1
    isLogDirty = true
  end
  if tokens > 0 and perMinuteTokens > 0 then
    slot = tokenCurrent
    addTokens(slot, tokens)
  end
  if most > 0 then
    redis.call('ZADD', KEYS[3], now + leaseMs * 1000, lease)
    redis.call('PEXPIRE', KEYS[3], leaseMs)
    held = held + 1
  end
end
if capacity > 0 then
  if finish > 0 then
    redis.call('SETRANGE', KEYS[1], 0, pack(finish, capacity, minuteStart, hourStart))
    if isLogDirty then redis.call('PEXPIRE', KEYS[1], math.ceil((perHour > 0 and hourUs or minuteUs) / 1000)) end
  end
  minuteUsed, hourUsed = finish - minuteStart, finish - hourStart
  minuteWait, hourWait = wait(perMinute, minuteStart, minuteUs), wait(perHour, hourStart, hourUs)
end
local tokensWait = 0
if perMinuteTokens > 0 then
  keepTokens(minuteUs / ${TOKEN_SLOTS})
  tokensWait = tokenWait(outcome == 3 and tokens or 1)
end
return {outcome, now, minuteUsed, minuteWait, hourUsed, hourWait, tokenTotal, tokensWait, held, slot}
`);

/**
 * Settles a request that has ended. ARGV: 1 lease id, 2 tokens used beyond the reservation (negative: to give back), 3 slot
 * of the reservation, 4 length of a minute in µs. Reply: 1.
 */
export const SETTLE = redisScript(`${PRELUDE}
redis.call('ZREM', KEYS[3], ARGV[1])
local change, slot, slotUs = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] / ${TOKEN_SLOTS}
if change ~= 0 then
  tokensOf(slotUs)
  if change > 0 then
    addTokens(tokenCurrent, change)
  elseif slot > tokenCurrent - RING and slot <= tokenCurrent then
    addTokens(slot, math.max(change, -tokensIn(slot)))
  end
  keepTokens(slotUs)
end
return 1
`);

/** Renews the places of requests under way. ARGV: 1 lease in ms, then lease ids. Reply: 1. */
export const RENEW = redisScript(`
local clock = redis.call('TIME')
local until_ = clock[1] * 1000000 + clock[2] + ARGV[1] * 1000
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], until_, ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
`);
