// Package probe makes one request to a service and tells what came of it: a whole answer, or which kind of
// none. It speaks HTTP, TLS, TCP, DNS, gRPC's health protocol and Kubernetes' API. It does the I/O and judges
// nothing. Whatever a server does, a request ends within its timeout and keeps no more than its limit.
package probe

import (
	"context"
	"fmt"
	"net"
	"time"
)

// Client makes requests, each over a connection of its own: behind a load balancer a connection
// that is kept would show one and the same server over and over.
type Client struct {
	dialer   net.Dialer
	resolver *net.Resolver
	now      func() time.Time
}

// New prepares a client; it does no I/O. The proxy of HTTP is the environment's, certificates are
// verified, cookies are not kept.
func New() *Client {
	return &Client{resolver: &net.Resolver{PreferGo: true}, now: time.Now}
}

// Do makes one request. There is always an answer; its Class says whether it is one of the server's.
func (c *Client) Do(ctx context.Context, r Request) Answer {
	timed, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	started := time.Now()
	a := c.ask(timed, r)
	a.Latency = time.Since(started)
	if a.Class == Timeout {
		a.Detail = fmt.Sprintf("nothing within %s", r.Timeout)
	}
	if ctx.Err() != nil && a.Class != Answered {
		a.Class, a.Detail = Cancelled, "the run was cancelled"
	}
	return a
}

func (c *Client) ask(ctx context.Context, r Request) Answer {
	switch r.Kind {
	case "", KindHTTP:
		return c.get(ctx, r)
	case KindTLS:
		return c.shakeHands(ctx, r)
	case KindTCP:
		return c.connect(ctx, r)
	case KindDNS:
		return c.resolve(ctx, r)
	case KindGRPC:
		return c.health(ctx, r)
	case KindKubernetes:
		return c.rollout(ctx, r)
	}
	return Answer{Class: Other, Detail: fmt.Sprintf("there is no way to ask %s", r.Kind)}
}

func (c *Client) failed(err error) Answer { return Answer{Class: Classify(err), Detail: c.reason(err)} }

// connect opens a connection and closes it again.
func (c *Client) connect(ctx context.Context, r Request) Answer {
	conn, err := c.dialer.DialContext(ctx, "tcp", r.Target)
	if err != nil {
		return c.failed(err)
	}
	conn.Close()
	return Answer{Class: Answered}
}
