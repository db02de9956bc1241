// Sends a batch of signed events with libcurl: g++ -std=c++17 main.cpp -lcurl -lcrypto
// Needs: GAME_INSIGHTS_URL (production URL of the webhook), GAME_INSIGHTS_SECRET (secret key of the credential).
#include <cstdlib>
#include <iostream>
#include <random>
#include <sstream>
#include <thread>

#include <curl/curl.h>

#include "GameInsightsSignature.h"

struct Answer { int Status = 0; int RetryAfter = 0; std::string Body; };

static size_t Append(char* Data, size_t Size, size_t Count, void* Body)
{
    static_cast<std::string*>(Body)->append(Data, Size * Count);
    return Size * Count;
}

static Answer Post(const std::string& Url, const std::string& Secret, const std::string& Body)
{
    const std::string Timestamp = GameInsights::Timestamp();
    curl_slist* Headers = nullptr;
    Headers = curl_slist_append(Headers, "Content-Type: application/json");
    Headers = curl_slist_append(Headers, ("X-Webhook-Timestamp: " + Timestamp).c_str());
    Headers = curl_slist_append(
        Headers, ("X-Webhook-Signature: " + GameInsights::Signature(Secret, Timestamp, Body)).c_str());

    Answer Result;
    CURL* Curl = curl_easy_init();
    curl_easy_setopt(Curl, CURLOPT_URL, Url.c_str());
    curl_easy_setopt(Curl, CURLOPT_HTTPHEADER, Headers);
    curl_easy_setopt(Curl, CURLOPT_POSTFIELDS, Body.c_str());
    curl_easy_setopt(Curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(Body.size()));
    curl_easy_setopt(Curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(Curl, CURLOPT_WRITEFUNCTION, Append);
    curl_easy_setopt(Curl, CURLOPT_WRITEDATA, &Result.Body);
    if (curl_easy_perform(Curl) == CURLE_OK)
    {
        long Status = 0;
        curl_off_t RetryAfter = 0;
        curl_easy_getinfo(Curl, CURLINFO_RESPONSE_CODE, &Status);
        curl_easy_getinfo(Curl, CURLINFO_RETRY_AFTER, &RetryAfter);
        Result.Status = static_cast<int>(Status);
        Result.RetryAfter = static_cast<int>(RetryAfter);
    }
    curl_easy_cleanup(Curl);
    curl_slist_free_all(Headers);
    return Result;
}

static std::string NewId()
{
    std::random_device Random;
    std::ostringstream Id;
    for (int Part = 0; Part < 4; ++Part) Id << std::hex << Random();
    return Id.str();
}

int main()
{
    // With a JSON library of your choice; here by hand, to need none.
    const std::string Body = "{\"events\":["
        "{\"event_type\":\"session_start\",\"event_id\":\"" + NewId() + "\",\"user_id\":\"player-1\"},"
        "{\"event_type\":\"purchase\",\"event_id\":\"" + NewId() + "\",\"user_id\":\"player-1\","
        "\"properties\":{\"item\":\"sword\",\"amount\":9.99,\"currency\":\"EUR\"}}]}";
    curl_global_init(CURL_GLOBAL_DEFAULT);
    for (int Attempt = 0;; ++Attempt)
    {
        const Answer Result = Post(std::getenv("GAME_INSIGHTS_URL"), std::getenv("GAME_INSIGHTS_SECRET"), Body);
        if (GameInsights::IsReceipt(Result.Status, Result.Body))
        {
            std::cout << Result.Body << std::endl;
            return 0;
        }
        if (!GameInsights::IsWorthARetry(Result.Status) || Attempt == GameInsights::MaxRetries)
        {
            std::cerr << Result.Status << ": " << Result.Body << std::endl;
            return 1;
        }
        std::this_thread::sleep_for(std::chrono::seconds(GameInsights::DelaySeconds(Attempt, Result.RetryAfter)));
    }
}
