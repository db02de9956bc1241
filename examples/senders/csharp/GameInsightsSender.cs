// Sends signed events. Plain C#: works in .NET, Mono and Unity (2021 or later, as a script of its own).
// In Unity call it from a server build or a trusted backend only: a secret inside a game client is no secret.
using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;

public sealed class GameInsightsSender
{
    private const int MaxRetries = 5;
    private static readonly HttpClient Client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
    private readonly string url;
    private readonly byte[] secret;

    /// <param name="url">The production URL of the webhook.</param>
    /// <param name="secret">The secret key of the credential.</param>
    public GameInsightsSender(string url, string secret)
    {
        this.url = url;
        this.secret = Encoding.UTF8.GetBytes(secret);
    }

    /// <summary>Sends events, each as JSON text, at most 1,000 at a time. Returns the webhook's answer.</summary>
    /// <exception cref="HttpRequestException">They could not be delivered.</exception>
    public async Task<string> Send(IEnumerable<string> events)
    {
        var body = "{\"events\":[" + string.Join(",", events) + "]}";
        for (var attempt = 0; ; attempt++)
        {
            var asked = TimeSpan.Zero;
            string trouble;
            try
            {
                using (var request = SignedRequest(body))
                using (var response = await Client.SendAsync(request))
                {
                    var answer = await response.Content.ReadAsStringAsync();
                    // Only a JSON object is a receipt: n8n answers 200 with a page of text while it starts.
                    if (response.IsSuccessStatusCode && answer.StartsWith("{")) return answer;
                    var status = (int)response.StatusCode;
                    trouble = status + ": " + answer;
                    // 404 as well: n8n does not know its webhooks yet while it starts.
                    var isWorthARetry = response.IsSuccessStatusCode || status == 404 || status == 429 || status >= 500;
                    if (!isWorthARetry) throw new InvalidOperationException(trouble);
                    asked = response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
                }
            }
            catch (HttpRequestException error) { trouble = error.Message; }
            catch (TaskCanceledException) { trouble = "No answer in time"; }
            if (attempt == MaxRetries) throw new HttpRequestException(trouble);
            var backoff = TimeSpan.FromSeconds(1 << attempt);
            await Task.Delay(asked > backoff ? asked : backoff);
        }
    }

    private HttpRequestMessage SignedRequest(string body)
    {
        // A fresh timestamp for each attempt: old ones are refused.
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString();
        using (var hmac = new HMACSHA256(secret))
        {
            var signature = hmac.ComputeHash(Encoding.UTF8.GetBytes(timestamp + "." + body));
            var hex = BitConverter.ToString(signature).Replace("-", "").ToLowerInvariant();
            var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("X-Webhook-Timestamp", timestamp);
            request.Headers.Add("X-Webhook-Signature", "sha256=" + hex);
            return request;
        }
    }
}
