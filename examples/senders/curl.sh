#!/bin/sh
# Sends a batch of signed events with nothing but curl and openssl.
# Needs: GAME_INSIGHTS_URL (production URL of the webhook), GAME_INSIGHTS_SECRET (secret key of the credential).
set -eu

body='{"events": [
  {"event_type": "session_start", "event_id": "'"$(date +%s)-$$-1"'", "user_id": "player-1"},
  {"event_type": "purchase", "event_id": "'"$(date +%s)-$$-2"'", "user_id": "player-1",
   "properties": {"item": "sword", "amount": 9.99, "currency": "EUR"}}
]}'

# Prints the answer, and after it a line with its status and Retry-After.
send() {
  # A fresh timestamp for each attempt: old ones are refused.
  timestamp="$(date +%s)000"
  # The signature is over "timestamp.body": the very bytes that are sent, so --data-binary, which changes none of them.
  signature=$(printf '%s.%s' "$timestamp" "$body" | openssl dgst -sha256 -hmac "$GAME_INSIGHTS_SECRET" | sed 's/.* //')
  curl --silent --max-time 30 -w '\n%{http_code} %header{retry-after}' \
    -X POST "$GAME_INSIGHTS_URL" \
    -H 'Content-Type: application/json' \
    -H "X-Webhook-Timestamp: $timestamp" \
    -H "X-Webhook-Signature: sha256=$signature" \
    --data-binary "$body"
}

# event_id keeps a repeated event from being run twice.
for delay in 1 2 4 8 16 0; do
  answer=$(send || true)
  text=$(printf '%s\n' "$answer" | sed '$d')
  set -- $(printf '%s\n' "$answer" | tail -n 1)
  status=$1
  asked=${2:-0}
  case "$status $text" in
    # Only a JSON object is a receipt: n8n answers 200 with a page of text while it starts.
    2??' {'*) printf '%s\n' "$text"; exit 0 ;;
    # 000 is no answer at all; 404 because n8n does not know its webhooks yet while it starts.
    2??*|000*|404*|429*|5??*) ;;
    *) break ;;
  esac
  [ "$delay" -eq 0 ] || sleep "$(( asked > delay ? asked : delay ))"
done
printf '%s: %s\n' "$status" "$text" >&2
exit 1
