// Package source asks servers of metrics for numbers over time. It does the I/O, adds raw samples up and
// judges nothing: what is no number comes back as a named problem. Every question is bounded in time and in
// what is read of its answer, and no secret gets into a text.
package source

import (
	"context"
	"time"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// Options is how a source is reached. Secrets are values here, taken from the environment by whoever asks.
type Options struct {
	URL                   string // http or https; what follows the host goes before the API's own path
	Headers               map[string]string
	Bearer                string        // "" is none
	User, Password        string        // "" is none
	CA                    []byte        // PEM; nil trusts the machine's authorities
	ClientCert, ClientKey []byte        // PEM; nil is none
	Timeout               time.Duration // of one question, its retries included; 0 is 30s
	Now                   func() time.Time
	Agent                 string
}

// Source is what every kind of source can do.
type Source interface {
	// Fill puts variables into a query, escaped as the source's language wants it.
	Fill(query string, variables map[string]string) (string, *timeseries.Problem)
	// Ask answers a question, or says by name why not.
	Ask(ctx context.Context, q timeseries.Question) (timeseries.Answer, *timeseries.Problem)
}

const (
	usualTimeout = 30 * time.Second
	bodyLimit    = 64 << 20        // bytes of one answer
	skewLimit    = 2 * time.Minute // by which the clocks may differ
	lookback     = 5 * time.Minute // how old the sample before a window may be, as Prometheus has it
)

func problem(name timeseries.Name, detail, next string) *timeseries.Problem {
	return &timeseries.Problem{Name: name, Detail: detail, Next: next}
}
