// Sends a batch of signed events. Java 17 or later, no libraries: java GameInsights.java
// Needs: GAME_INSIGHTS_URL (production URL of the webhook), GAME_INSIGHTS_SECRET (secret key of the credential).
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class GameInsights {
    private static final String URL = System.getenv("GAME_INSIGHTS_URL");
    private static final byte[] SECRET = System.getenv("GAME_INSIGHTS_SECRET").getBytes(StandardCharsets.UTF_8);
    private static final int MAX_RETRIES = 5;
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    /** Sends a JSON body with at most 1,000 events. Returns the webhook's answer; throws when it could not be delivered. */
    static String send(String body) throws Exception {
        for (int attempt = 0; ; attempt++) {
            HttpResponse<String> response = null;
            try {
                response = CLIENT.send(signedRequest(body), HttpResponse.BodyHandlers.ofString());
            } catch (IOException nobodyAnswered) {
                if (attempt == MAX_RETRIES) throw nobodyAnswered;
            }
            long askedSeconds = 0;
            if (response != null) {
                int status = response.statusCode();
                boolean isOk = status >= 200 && status < 300;
                // Only a JSON object is a receipt: n8n answers 200 with a page of text while it starts.
                if (isOk && response.body().startsWith("{")) return response.body();
                // 404 as well: n8n does not know its webhooks yet while it starts.
                boolean isWorthARetry = isOk || status == 404 || status == 429 || status >= 500;
                if (!isWorthARetry || attempt == MAX_RETRIES) throw new IOException(status + ": " + response.body());
                askedSeconds = Long.parseLong(response.headers().firstValue("Retry-After").orElse("0"));
            }
            Thread.sleep(1000 * Math.max(askedSeconds, 1L << attempt));
        }
    }

    private static HttpRequest signedRequest(String body) throws Exception {
        // A fresh timestamp for each attempt: old ones are refused.
        String timestamp = String.valueOf(System.currentTimeMillis());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        byte[] signature = mac.doFinal((timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(URL))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .header("X-Webhook-Timestamp", timestamp)
                .header("X-Webhook-Signature", "sha256=" + HexFormat.of().formatHex(signature))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    public static void main(String[] args) throws Exception {
        // With a JSON library of your choice; here by hand, to need none.
        System.out.println(send("""
                {"events": [
                  {"event_type": "session_start", "event_id": "%s", "user_id": "player-1"},
                  {"event_type": "purchase", "event_id": "%s", "user_id": "player-1",
                   "properties": {"item": "sword", "amount": 9.99, "currency": "EUR"}}
                ]}""".formatted(UUID.randomUUID(), UUID.randomUUID())));
    }
}
