// The engine-independent half: how a request is signed, and when it is sent again. C++17, OpenSSL.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace GameInsights {

constexpr int MaxRetries = 5;

// Milliseconds since 1970, as X-Webhook-Timestamp wants it. Take a fresh one for each attempt: old ones are refused.
inline std::string Timestamp()
{
    using namespace std::chrono;
    return std::to_string(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

// The value of X-Webhook-Signature: "sha256=" and the hex HMAC-SHA256 over "timestamp.body", the bytes that are sent.
inline std::string Signature(const std::string& Secret, const std::string& Timestamp, const std::string& Body)
{
    const std::string Content = Timestamp + "." + Body;
    unsigned char Digest[EVP_MAX_MD_SIZE];
    unsigned int Length = 0;
    HMAC(EVP_sha256(), Secret.data(), static_cast<int>(Secret.size()),
        reinterpret_cast<const unsigned char*>(Content.data()), Content.size(), Digest, &Length);
    static const char Digits[] = "0123456789abcdef";
    std::string Hex = "sha256=";
    for (unsigned int Index = 0; Index < Length; ++Index)
    {
        Hex += Digits[Digest[Index] >> 4];
        Hex += Digits[Digest[Index] & 15];
    }
    return Hex;
}

// Whether the events were taken. Only a JSON object is a receipt: n8n answers 200 with a page of text while it starts.
inline bool IsReceipt(int Status, const std::string& Body) { return Status >= 200 && Status < 300 && Body.rfind("{", 0) == 0; }

// Whether a request without a receipt is sent again: nobody answered (0), a 200 that is none, too many requests, a fault of the server,
// and 404, which n8n answers while it starts and does not know its webhooks yet.
inline bool IsWorthARetry(int Status) { return Status < 300 || Status == 404 || Status == 429 || Status >= 500; }

// Seconds before attempt number Attempt + 1 (from 0); RetryAfter is what the answer asks for, else 0.
inline int DelaySeconds(int Attempt, int RetryAfter) { return std::max(RetryAfter, 1 << std::min(Attempt, 6)); }

} // namespace GameInsights
