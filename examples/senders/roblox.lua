-- For Roblox, as a ModuleScript in ServerScriptService: sends signed events through HttpService.
-- The signing is run by this repository's tests; sending is NOT RUN, they have no Roblox.
-- Simpler, and enough for many: an API Key credential, with the key from Roblox's secrets store:
--   headers["X-API-Key"] = HttpService:GetSecret("game_insights")
-- A secret from that store can't be used to sign. To sign, keep the secret key in a ModuleScript that only the server sees.
local GameInsights = {}

local MAX_RETRIES = 5

local K = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
}

-- SHA-256 (FIPS 180-4) of a string, as 32 bytes.
local function sha256(message)
	local band, bxor, bnot, rrotate, rshift = bit32.band, bit32.bxor, bit32.bnot, bit32.rrotate, bit32.rshift
	local h = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 }
	local padded = message .. "\128" .. string.rep("\0", (55 - #message) % 64) .. string.pack(">I8", #message * 8)
	local w = {}
	for start = 1, #padded, 64 do
		for t = 1, 16 do
			w[t] = string.unpack(">I4", padded, start + (t - 1) * 4)
		end
		for t = 17, 64 do
			local a, b = w[t - 15], w[t - 2]
			local s0 = bxor(rrotate(a, 7), rrotate(a, 18), rshift(a, 3))
			local s1 = bxor(rrotate(b, 17), rrotate(b, 19), rshift(b, 10))
			w[t] = (w[t - 16] + s0 + w[t - 7] + s1) % 4294967296
		end
		local a, b, c, d, e, f, g, hh = h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8]
		for t = 1, 64 do
			local s1 = bxor(rrotate(e, 6), rrotate(e, 11), rrotate(e, 25))
			local temp1 = (hh + s1 + bxor(band(e, f), band(bnot(e), g)) + K[t] + w[t]) % 4294967296
			local s0 = bxor(rrotate(a, 2), rrotate(a, 13), rrotate(a, 22))
			local temp2 = (s0 + bxor(band(a, b), band(a, c), band(b, c))) % 4294967296
			a, b, c, d, e, f, g, hh = (temp1 + temp2) % 4294967296, a, b, c, (d + temp1) % 4294967296, e, f, g
		end
		for index, value in ipairs({ a, b, c, d, e, f, g, hh }) do
			h[index] = (h[index] + value) % 4294967296
		end
	end
	return string.pack(">I4I4I4I4I4I4I4I4", h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8])
end

local function xored(key, byte)
	return (string.gsub(key, ".", function(character)
		return string.char(bit32.bxor(string.byte(character), byte))
	end))
end

-- The value of X-Webhook-Signature: "sha256=" and the hex HMAC-SHA256 (RFC 2104) over "timestamp.body".
function GameInsights.signature(secret, timestamp, body)
	local key = #secret > 64 and sha256(secret) or secret
	key = key .. string.rep("\0", 64 - #key)
	local digest = sha256(xored(key, 0x5c) .. sha256(xored(key, 0x36) .. timestamp .. "." .. body))
	return "sha256=" .. string.gsub(digest, ".", function(character)
		return string.format("%02x", string.byte(character))
	end)
end

-- Sends events, at most 1,000 at a time. Returns whether they were delivered, and the answer.
-- Give each an event_id (HttpService:GenerateGUID(false)), so that a repeated one is not run twice.
function GameInsights.send(url, secret, events)
	local HttpService = game:GetService("HttpService")
	local body = HttpService:JSONEncode({ events = events })
	for attempt = 0, MAX_RETRIES do
		-- A fresh timestamp for each attempt: old ones are refused.
		local timestamp = tostring(DateTime.now().UnixTimestampMillis)
		local wasAnswered, response = pcall(HttpService.RequestAsync, HttpService, {
			Url = url,
			Method = "POST",
			Headers = {
				["Content-Type"] = "application/json",
				["X-Webhook-Timestamp"] = timestamp,
				["X-Webhook-Signature"] = GameInsights.signature(secret, timestamp, body),
			},
			Body = body,
		})
		-- Only a JSON object is a receipt: n8n answers 200 with a page of text while it starts.
		if wasAnswered and response.Success and string.sub(response.Body, 1, 1) == "{" then
			return true, response.Body
		end
		-- 404 as well: n8n does not know its webhooks yet while it starts.
		local isWorthARetry = not wasAnswered or response.Success
			or response.StatusCode == 404 or response.StatusCode == 429 or response.StatusCode >= 500
		if not isWorthARetry or attempt == MAX_RETRIES then
			return false, wasAnswered and response.Body or response
		end
		local asked = wasAnswered and tonumber(response.Headers["retry-after"]) or 0
		task.wait(math.max(asked, 2 ^ attempt))
	end
end

return GameInsights
