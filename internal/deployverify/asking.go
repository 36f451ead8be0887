package deployverify

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/probe"
)

// asking is how a check is asked. It may hold secrets, and judges nothing: a decision is made again without it.
type asking struct {
	method    string
	body      string
	redirects *int // followed; nil is as many as usual
	encrypted bool // of grpc
	service   string

	// From the environment and from files, by equip.
	header  http.Header
	trust   probe.Trust
	cluster *probe.Cluster
	secrets []string
}

func (a asking) request(c check, timeout time.Duration) probe.Request {
	return probe.Request{
		Kind: c.kind, URL: c.url, Target: c.target, Timeout: timeout, Method: a.method, Header: a.header, Body: a.body, Redirects: a.redirects,
		Trust: a.trust, Encrypted: a.encrypted, Service: a.service, Cluster: a.cluster,
	}
}

// hidden takes what the service repeats of our secrets out of its answer.
func (a asking) hidden(answer probe.Answer) probe.Answer {
	for _, secret := range a.secrets {
		clean := func(s string) string { return strings.ReplaceAll(s, secret, "***") }
		answer.Detail, answer.Final = clean(answer.Detail), clean(answer.Final)
		answer.Body = bytes.ReplaceAll(answer.Body, []byte(secret), []byte("***"))
		if answer.Redirect != nil && strings.Contains(answer.Redirect.String(), secret) {
			answer.Redirect = &url.URL{Scheme: answer.Redirect.Scheme, Host: clean(answer.Redirect.Host), Path: clean(answer.Redirect.Path)}
		}
		kept := http.Header{}
		for name, values := range answer.Header {
			for _, v := range values {
				kept[clean(name)] = append(kept[clean(name)], clean(v))
			}
		}
		if answer.Header != nil {
			answer.Header = kept
		}
	}
	return answer
}

// ask makes one request and judges it.
func (c check) ask(ctx context.Context, p prober, with plan) sight {
	return judge(c, c.asking.hidden(p.Do(ctx, c.request(with))))
}
