package advisory

import (
	"testing"
	"time"
)

func TestAgain(t *testing.T) {
	const first, second = 250 * time.Millisecond, time.Second
	tests := []struct {
		reply reply
		wait  time.Duration
		ok    bool
	}{
		{reply{attempt: 1}, first, true},
		{reply{attempt: 2}, second, true},
		{reply{attempt: 3}, 0, false},
		{reply{attempt: 1, status: 500}, first, true},
		{reply{attempt: 2, status: 502}, second, true},
		{reply{attempt: 3, status: 503}, 0, false},
		{reply{attempt: 1, status: 501}, 0, false},
		{reply{attempt: 1, status: 400}, 0, false},
		{reply{attempt: 1, status: 404}, 0, false},
		{reply{attempt: 1, status: 304}, 0, false},
		{reply{attempt: 1, status: 429}, first, true},
		{reply{attempt: 1, status: 429, retryAfter: "0"}, first, true},
		{reply{attempt: 1, status: 429, retryAfter: "7"}, 7 * time.Second, true},
		{reply{attempt: 1, status: 429, retryAfter: "31"}, 0, false},
		{reply{attempt: 1, status: 429, retryAfter: "-1"}, first, true},
		{reply{attempt: 1, status: 503, retryAfter: "Fri, 31 Dec 1999 23:59:59 GMT"}, first, true},
		{reply{attempt: 3, status: 429, retryAfter: "1"}, 0, false},
	}
	for _, test := range tests {
		if wait, ok := again(test.reply); wait != test.wait || ok != test.ok {
			t.Errorf("%+v: %v, %v; want %v, %v", test.reply, wait, ok, test.wait, test.ok)
		}
	}
}
