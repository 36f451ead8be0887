package probe

import (
	"cmp"
	"context"
	"errors"
	"net"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Bounds of an answer in gRPC; that of a health check has a few bytes.
const (
	maxMessage    = 4 << 10
	maxHeaderList = 64 << 10
)

// health asks a server of grpc.health.v1 about a service. The connection is made here, so that what goes
// wrong with it is known by its type; a proxy of the environment is not asked.
func (c *Client) health(ctx context.Context, r Request) Answer {
	var line line
	conn, err := grpc.NewClient("passthrough:///"+r.Target,
		grpc.WithContextDialer(func(dialing context.Context, target string) (net.Conn, error) {
			conn, err := c.dial(dialing, target, r)
			line.note(err)
			return conn, err
		}),
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithAuthority(r.Target), // encrypted or not, the dialer sees to it
		grpc.WithUserAgent(cmp.Or(r.Agent, "slipway-deploy-verify")),
		grpc.WithDisableRetry(), grpc.WithDisableServiceConfig(), grpc.WithDisableHealthCheck(), grpc.WithMaxHeaderListSize(maxHeaderList),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage)),
	)
	if err != nil {
		return c.failed(err)
	}
	defer conn.Close()
	var header, trailer metadata.MD
	answer, err := healthpb.NewHealthClient(conn).Check(ctx, &healthpb.HealthCheckRequest{Service: r.Service}, grpc.Header(&header), grpc.Trailer(&trailer))
	if err == nil {
		return Answer{Class: Answered, Health: answer.GetStatus().String()}
	}
	said := status.Convert(err)
	switch broken := line.broken(); {
	case broken != nil:
		return c.failed(broken)
	case ctx.Err() != nil:
		return c.failed(ctx.Err())
	case len(header)+len(trailer) > 0: // the server said so
		return Answer{Class: Answered, Status: int(said.Code()), Detail: said.Message()}
	}
	a := Answer{Class: Reset, Detail: said.Message()}
	for _, sign := range []string{"HTTP", "http2", "malformed", "frame"} {
		if strings.Contains(a.Detail, sign) {
			a.Class = Malformed
		}
	}
	if said.Code() == codes.Unauthenticated || said.Code() == codes.PermissionDenied { // somebody on the way, in HTTP
		a.Class, a.Status = Answered, int(said.Code())
	}
	return a
}

func (c *Client) dial(ctx context.Context, target string, r Request) (net.Conn, error) {
	if !r.Encrypted {
		return c.dialer.DialContext(ctx, "tcp", target)
	}
	config := c.tlsConfig(r.Trust)
	config.NextProtos = []string{"h2"}
	conn, err := c.secure(ctx, target, config)
	if err != nil {
		return nil, err
	}
	if conn.ConnectionState().NegotiatedProtocol != "h2" {
		conn.Close()
		return nil, errNoHTTP2
	}
	return conn, nil
}

var errNoHTTP2 = errors.New("tls: it speaks no HTTP/2, which gRPC goes over")

// line is whether a connection could be made. gRPC dials in a goroutine of its own.
type line struct {
	mu  sync.Mutex
	err error
}

func (l *line) note(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

func (l *line) broken() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}
