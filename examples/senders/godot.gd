# For Godot 4, on a server: sends signed events. Add it as a node and call send([...]).
# NOT RUN by this repository's tests, which have no Godot.
# Never ship the secret in a game client: send from the server.
extends Node

const MAX_RETRIES := 5

## The production URL of the webhook.
@export var url := ""
## The secret key of the credential.
@export var secret := ""


## Sends events, at most 1,000 at a time. True when they were delivered.
## Give each an "event_id", so that a repeated one is not run twice.
func send(events: Array) -> bool:
	var body := JSON.stringify({"events": events})
	for attempt in MAX_RETRIES + 1:
		var http := HTTPRequest.new()
		http.timeout = 30.0
		add_child(http)
		var started := http.request(url, _signed_headers(body), HTTPClient.METHOD_POST, body)
		var status := 0
		var retry_after := 0
		var is_receipt := false
		if started == OK:
			var answer: Array = await http.request_completed
			status = answer[1] if answer[0] == HTTPRequest.RESULT_SUCCESS else 0
			# Only a JSON object is a receipt: n8n answers 200 with a page of text while it starts.
			is_receipt = (answer[3] as PackedByteArray).get_string_from_utf8().begins_with("{")
			for header: String in answer[2]:
				if header.to_lower().begins_with("retry-after:"):
					retry_after = header.get_slice(":", 1).strip_edges().to_int()
		http.queue_free()
		var is_ok := status >= 200 and status < 300
		if is_ok and is_receipt:
			return true
		# 404 as well: n8n does not know its webhooks yet while it starts.
		var is_worth_a_retry := status == 0 or is_ok or status == 404 or status == 429 or status >= 500
		if not is_worth_a_retry or attempt == MAX_RETRIES:
			push_error("Game events were not delivered: %d" % status)
			return false
		await get_tree().create_timer(maxf(retry_after, pow(2, attempt))).timeout
	return false


func _signed_headers(body: String) -> PackedStringArray:
	# A fresh timestamp for each attempt: old ones are refused.
	var timestamp := str(int(Time.get_unix_time_from_system() * 1000))
	var hmac := HMACContext.new()
	hmac.start(HashingContext.HASH_SHA256, secret.to_utf8_buffer())
	hmac.update((timestamp + "." + body).to_utf8_buffer())
	return PackedStringArray([
		"Content-Type: application/json",
		"X-Webhook-Timestamp: " + timestamp,
		"X-Webhook-Signature: sha256=" + hmac.finish().hex_encode(),
	])
