// Sends a batch of signed events. Go 1.18 or later, no modules: go run main.go
//
// Needs: GAME_INSIGHTS_URL (production URL of the webhook), GAME_INSIGHTS_SECRET (secret key of the credential).
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

const maxRetries = 5

var client = &http.Client{Timeout: 30 * time.Second}

// Event is a game event. Only EventType must be there; EventID keeps a repeated event from being run twice.
type Event struct {
	EventType  string         `json:"event_type"`
	EventID    string         `json:"event_id,omitempty"`
	UserID     string         `json:"user_id,omitempty"`
	Properties map[string]any `json:"properties,omitempty"`
}

// Send sends events, at most 1,000 at a time, and returns the webhook's answer.
func Send(events []Event) (string, error) {
	body, err := json.Marshal(map[string]any{"events": events})
	if err != nil {
		return "", err
	}
	for attempt := 0; ; attempt++ {
		status, retryAfter, answer, err := post(body)
		// Only a JSON object is a receipt: n8n answers 200 with a page of text while it starts.
		if err == nil && status < 300 && strings.HasPrefix(answer, "{") {
			return answer, nil
		}
		// 404 as well: n8n does not know its webhooks yet while it starts.
		isWorthARetry := err != nil || status < 300 || status == http.StatusNotFound ||
			status == http.StatusTooManyRequests || status >= 500
		if !isWorthARetry || attempt == maxRetries {
			return "", fmt.Errorf("not delivered: %d %s %v", status, answer, err)
		}
		wait := time.Second << attempt
		if retryAfter > wait {
			wait = retryAfter
		}
		time.Sleep(wait)
	}
}

func post(body []byte) (status int, retryAfter time.Duration, answer string, err error) {
	// A fresh timestamp for each attempt: old ones are refused.
	timestamp := strconv.FormatInt(time.Now().UnixMilli(), 10)
	mac := hmac.New(sha256.New, []byte(os.Getenv("GAME_INSIGHTS_SECRET")))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)

	request, err := http.NewRequest(http.MethodPost, os.Getenv("GAME_INSIGHTS_URL"), bytes.NewReader(body))
	if err != nil {
		return 0, 0, "", err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Webhook-Timestamp", timestamp)
	request.Header.Set("X-Webhook-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	response, err := client.Do(request)
	if err != nil {
		return 0, 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	return response.StatusCode, time.Duration(seconds) * time.Second, string(text), err
}

func newID() string {
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		log.Fatal(err)
	}
	return hex.EncodeToString(id)
}

func main() {
	answer, err := Send([]Event{
		{EventType: "session_start", EventID: newID(), UserID: "player-1"},
		{EventType: "purchase", EventID: newID(), UserID: "player-1",
			Properties: map[string]any{"item": "sword", "amount": 9.99, "currency": "EUR"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer)
}
