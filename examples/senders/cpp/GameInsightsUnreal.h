// For Unreal Engine 5, dedicated server: sends signed events through FHttpModule.
// NOT RUN by this repository's tests, which have no Unreal Engine; GameInsightsSignature.h, which signs, is.
// In your module's Build.cs: PrivateDependencyModuleNames.Add("HTTP"); AddEngineThirdPartyPrivateStaticDependencies(Target, "OpenSSL");
// Never ship the secret in a game client: send from the server.
#pragma once

#include "CoreMinimal.h"
#include "Containers/Ticker.h"
#include "HttpModule.h"
#include "Interfaces/IHttpRequest.h"
#include "Interfaces/IHttpResponse.h"

THIRD_PARTY_INCLUDES_START
#include "GameInsightsSignature.h"
THIRD_PARTY_INCLUDES_END

class FGameInsightsSender
{
public:
    FGameInsightsSender(const FString& InUrl, const FString& InSecret) : Url(InUrl), Secret(TCHAR_TO_UTF8(*InSecret)) {}

    // Events as JSON texts, at most 1,000 at a time. Give each an "event_id", so that a repeated one is not run twice.
    void Send(const TArray<FString>& Events) const
    {
        Post(Url, Secret, FString::Printf(TEXT("{\"events\":[%s]}"), *FString::Join(Events, TEXT(","))), 0);
    }

private:
    static void Post(const FString& Url, const std::string& Secret, const FString& Body, int32 Attempt)
    {
        const std::string Bytes(TCHAR_TO_UTF8(*Body));
        const std::string Timestamp = GameInsights::Timestamp();
        const std::string Signature = GameInsights::Signature(Secret, Timestamp, Bytes);

        TSharedRef<IHttpRequest, ESPMode::ThreadSafe> Request = FHttpModule::Get().CreateRequest();
        Request->SetURL(Url);
        Request->SetVerb(TEXT("POST"));
        Request->SetTimeout(30.0f);
        Request->SetHeader(TEXT("Content-Type"), TEXT("application/json"));
        Request->SetHeader(TEXT("X-Webhook-Timestamp"), UTF8_TO_TCHAR(Timestamp.c_str()));
        Request->SetHeader(TEXT("X-Webhook-Signature"), UTF8_TO_TCHAR(Signature.c_str()));
        Request->SetContentAsString(Body);
        Request->OnProcessRequestComplete().BindLambda(
            [Url, Secret, Body, Attempt](FHttpRequestPtr, FHttpResponsePtr Response, bool bConnected)
            {
                const int32 Status = bConnected && Response.IsValid() ? Response->GetResponseCode() : 0;
                if (Status != 0 && GameInsights::IsReceipt(Status, TCHAR_TO_UTF8(*Response->GetContentAsString()))) return;
                if (!GameInsights::IsWorthARetry(Status) || Attempt == GameInsights::MaxRetries)
                {
                    UE_LOG(LogTemp, Error, TEXT("Game events were not delivered: %d"), Status);
                    return;
                }
                const int32 RetryAfter = Status == 0 ? 0 : FCString::Atoi(*Response->GetHeader(TEXT("Retry-After")));
                FTSTicker::GetCoreTicker().AddTicker(
                    FTickerDelegate::CreateLambda(
                        [Url, Secret, Body, Attempt](float) { Post(Url, Secret, Body, Attempt + 1); return false; }),
                    static_cast<float>(GameInsights::DelaySeconds(Attempt, RetryAfter)));
            });
        Request->ProcessRequest();
    }

    FString Url;
    std::string Secret;
};
