package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"
)

// TestAgain goes through every status, method and number of attempts that there is.
func TestAgain(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	retried := map[int]bool{429: true, 500: true, 502: true, 503: true, 504: true}
	objects, releases := "/repos/acme/shop/git/tags", "/repos/acme/shop/releases"
	for _, request := range []struct {
		method, path string
		always       bool // else only what was surely not taken
	}{
		{"GET", releases, true}, {"PATCH", releases, true}, {"POST", objects, true}, {"POST", releases, false},
		{"HEAD", releases, false}, {"PUT", objects, false}, {"DELETE", objects, false}, {"", "", false},
	} {
		for status := 100; status < 600; status++ {
			for number := 1; number <= 5; number++ {
				wait, yes := again(attempt{method: request.method, path: request.path, number: number, status: status}, now)
				want := number < 4 && retried[status] && (request.always || request.method == "POST" && status == 429)
				if yes != want {
					t.Fatalf("%v, attempt %d, status %d: again is %t, want %t", request, number, status, yes, want)
				}
				if yes != (wait > 0) || wait > waitLimit {
					t.Fatalf("%v, attempt %d, status %d: waits %s", request, number, status, wait)
				}
			}
		}
	}
}

func TestAgainAfter(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	limit := func(reset int64) http.Header {
		return http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {fmt.Sprint(now.Unix() + reset)}}
	}
	after := func(text string) http.Header { return http.Header{"Retry-After": {text}} }
	for name, tt := range map[string]struct {
		attempt
		wait time.Duration
		yes  bool
	}{
		"first pause":                      {attempt{status: 500}, pauses[0], true},
		"third pause":                      {attempt{status: 500, number: 3}, pauses[2], true},
		"429 in 2 s":                       {attempt{status: 429, header: after("2")}, 2 * time.Second, true},
		"429 at once":                      {attempt{status: 429, header: after("0")}, pauses[0], true},
		"429 in an hour":                   {attempt{status: 429, header: after("3600")}, 0, false},
		"429 for ever":                     {attempt{status: 429, header: after("99999999999999999999")}, pauses[0], true},
		"429 before now":                   {attempt{status: 429, header: after("-5")}, pauses[0], true},
		"429 until a date":                 {attempt{status: 429, header: after(now.Add(7 * time.Second).UTC().Format(http.TimeFormat))}, 7 * time.Second, true},
		"503 in 5 s":                       {attempt{status: 503, header: after("5")}, 5 * time.Second, true},
		"403, a permission":                {attempt{status: 403}, 0, false},
		"403, a secondary limit":           {attempt{status: 403, header: after("3")}, 3 * time.Second, true},
		"403, limit used up for 9 s":       {attempt{status: 403, header: limit(9)}, 9 * time.Second, true},
		"403, limit used up for 9 min":     {attempt{status: 403, header: limit(540)}, 0, false},
		"403, limit used up till just now": {attempt{status: 403, header: limit(-1)}, pauses[0], true},
		"403, used up, no end named":       {attempt{status: 403, header: http.Header{"X-Ratelimit-Remaining": {"0"}}}, 0, false},
		"403, some requests left":          {attempt{status: 403, header: http.Header{"X-Ratelimit-Remaining": {"7"}, "X-Ratelimit-Reset": {"1800000009"}}}, 0, false},
		"waits add up":                     {attempt{status: 429, number: 2, waited: 25 * time.Second, header: after("6")}, 0, false},
		"waits just fit":                   {attempt{status: 429, number: 2, waited: 25 * time.Second, header: after("5")}, 5 * time.Second, true},
		"cut":                              {attempt{err: fmt.Errorf("%w: %w", errCut, errors.New("stream error"))}, pauses[0], true},
		"unexpected end":                   {attempt{err: io.ErrUnexpectedEOF}, pauses[0], true},
		"closed before the answer":         {attempt{err: io.EOF}, pauses[0], true},
		"reset":                            {attempt{err: &net.OpError{Op: "read", Err: syscall.ECONNRESET}}, pauses[0], true},
		"refused":                          {attempt{err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}, pauses[0], true},
		"broken pipe":                      {attempt{err: syscall.EPIPE}, pauses[0], true},
		"timeout":                          {attempt{err: context.DeadlineExceeded}, pauses[0], true},
		"name server in trouble":           {attempt{err: &net.DNSError{IsTemporary: true}}, pauses[0], true},
		"no such name":                     {attempt{err: &net.DNSError{IsNotFound: true}}, 0, false},
		"cancelled":                        {attempt{err: context.Canceled}, 0, false},
		"cut by cancelling":                {attempt{err: fmt.Errorf("%w: %w", errCut, context.Canceled)}, 0, false},
		"too large":                        {attempt{err: errTooLarge}, 0, false},
		"not JSON":                         {attempt{err: errNotJSON}, 0, false},
		"leads away":                       {attempt{err: errLeadsAway}, 0, false},
		"a certificate":                    {attempt{err: errors.New("x509: certificate signed by unknown authority")}, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := tt.attempt
			a.method, a.number = "GET", max(a.number, 1)
			if wait, yes := again(a, now); wait != tt.wait || yes != tt.yes {
				t.Errorf("again is %s, %t; want %s, %t", wait, yes, tt.wait, tt.yes)
			}
		})
	}
}
