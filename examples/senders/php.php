<?php
// Sends a batch of signed events. PHP 8 or later, no packages.
// Needs: GAME_INSIGHTS_URL (production URL of the webhook), GAME_INSIGHTS_SECRET (secret key of the credential).
declare(strict_types=1);

const MAX_RETRIES = 5;

/** Sends events, at most 1,000 at a time. Returns the webhook's answer; throws when they could not be delivered. */
function send(array $events): array
{
    $body = json_encode(['events' => $events], JSON_THROW_ON_ERROR);
    for ($attempt = 0; ; $attempt++) {
        [$status, $retryAfter, $answer] = post($body);
        $isOk = $status >= 200 && $status < 300;
        // Only a JSON object is a receipt: n8n answers 200 with a page of text while it starts.
        if ($isOk && str_starts_with($answer, '{')) {
            return json_decode($answer, true, 512, JSON_THROW_ON_ERROR);
        }
        // 404 as well: n8n does not know its webhooks yet while it starts.
        $isWorthARetry = $status === 0 || $isOk || in_array($status, [404, 429], true) || $status >= 500;
        if (!$isWorthARetry || $attempt === MAX_RETRIES) {
            throw new RuntimeException($status === 0 ? 'No answer' : "$status: $answer");
        }
        sleep(max($retryAfter, 2 ** $attempt));
    }
}

/** @return array{int, int, string} status (0 when nobody answered), Retry-After in seconds, body */
function post(string $body): array
{
    // A fresh timestamp for each attempt: old ones are refused.
    $timestamp = (string) (int) (microtime(true) * 1000);
    $signature = hash_hmac('sha256', "$timestamp.$body", getenv('GAME_INSIGHTS_SECRET'));
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => [
            'Content-Type: application/json',
            "X-Webhook-Timestamp: $timestamp",
            "X-Webhook-Signature: sha256=$signature",
        ],
        'content' => $body,
        'timeout' => 30,
        'ignore_errors' => true,
    ]]);
    $answer = @file_get_contents(getenv('GAME_INSIGHTS_URL'), false, $context);
    $status = 0;
    $retryAfter = 0;
    foreach ($http_response_header ?? [] as $line) {
        if (preg_match('~^HTTP/\S+ (\d+)~', $line, $match)) {
            $status = (int) $match[1];
        } elseif (preg_match('~^Retry-After: (\d+)~i', $line, $match)) {
            $retryAfter = (int) $match[1];
        }
    }
    return [$status, $retryAfter, (string) $answer];
}

print_r(send([
    ['event_type' => 'session_start', 'event_id' => bin2hex(random_bytes(16)), 'user_id' => 'player-1'],
    [
        'event_type' => 'purchase',
        'event_id' => bin2hex(random_bytes(16)),
        'user_id' => 'player-1',
        'properties' => ['item' => 'sword', 'amount' => 9.99, 'currency' => 'EUR'],
    ],
]));
