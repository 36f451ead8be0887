package advisory

import (
	"net/http"
	"strconv"
	"time"
)

// attempts is how often a request is sent at most.
const attempts = 3

// patience is the longest wait that a server may ask for.
const patience = 30 * time.Second

// reply is what came of one attempt.
type reply struct {
	attempt    int    // from 1
	status     int    // 0 where there was no answer, or a cut one
	retryAfter string // the header
}

// again tells whether to try once more, and after how long. Only what may pass by itself is tried
// again: no answer, a cut one, too many requests, and errors of the server.
func again(r reply) (wait time.Duration, ok bool) {
	switch {
	case r.attempt >= attempts:
		return 0, false
	case r.status == 0, r.status == http.StatusTooManyRequests, r.status >= 500 && r.status != http.StatusNotImplemented:
	default:
		return 0, false
	}
	wait = 250 * time.Millisecond << (2 * (r.attempt - 1)) // 0.25 s, 1 s
	if seconds, err := strconv.Atoi(r.retryAfter); err == nil && seconds >= 0 {
		asked := time.Duration(seconds) * time.Second
		if asked > patience {
			return 0, false
		}
		wait = max(wait, asked)
	}
	return wait, true
}
