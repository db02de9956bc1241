"""Sends a batch of signed events. Python 3.9 or later, no packages.

Needs: GAME_INSIGHTS_URL (production URL of the webhook), GAME_INSIGHTS_SECRET (secret key of the credential).
"""

import hashlib
import hmac
import json
import os
import time
import urllib.error
import urllib.request
import uuid

URL = os.environ["GAME_INSIGHTS_URL"]
SECRET = os.environ["GAME_INSIGHTS_SECRET"].encode()
MAX_RETRIES = 5


def send(events):
    """Sends events, at most 1,000 at a time. Returns the webhook's answer; raises when they could not be delivered."""
    body = json.dumps({"events": events}).encode()
    for attempt in range(MAX_RETRIES + 1):
        try:
            with urllib.request.urlopen(signed_request(body), timeout=30) as response:
                return json.load(response)
        except ValueError as error:  # no receipt: n8n answers 200 with a page of text while it starts
            if attempt == MAX_RETRIES:
                raise RuntimeError("200, but no receipt") from error
            asked = 0
        except urllib.error.HTTPError as error:
            # 404 as well: n8n does not know its webhooks yet while it starts.
            if (error.code not in (404, 429) and error.code < 500) or attempt == MAX_RETRIES:
                raise RuntimeError(f"{error.code}: {error.read().decode()}") from error
            asked = float(error.headers.get("Retry-After", 0))
        except OSError:  # nobody answered
            if attempt == MAX_RETRIES:
                raise
            asked = 0
        time.sleep(max(asked, 2**attempt))


def signed_request(body):
    # A fresh timestamp for each attempt: old ones are refused.
    timestamp = str(int(time.time() * 1000))
    signature = hmac.new(SECRET, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return urllib.request.Request(
        URL,
        data=body,
        headers={
            "Content-Type": "application/json",
            "X-Webhook-Timestamp": timestamp,
            "X-Webhook-Signature": "sha256=" + signature,
        },
    )


if __name__ == "__main__":
    print(
        send(
            [
                {"event_type": "session_start", "event_id": str(uuid.uuid4()), "user_id": "player-1"},
                {
                    "event_type": "purchase",
                    "event_id": str(uuid.uuid4()),
                    "user_id": "player-1",
                    "properties": {"item": "sword", "amount": 9.99, "currency": "EUR"},
                },
            ]
        )
    )
