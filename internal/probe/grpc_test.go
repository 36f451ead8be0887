package probe

import (
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"bytes"
)

// well is a real server of gRPC with its real health service.
func well(t *testing.T, config *tls.Config) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var options []grpc.ServerOption
	if config != nil {
		options = append(options, grpc.Creds(credentials.NewTLS(config)))
	}
	server, states := grpc.NewServer(options...), health.NewServer()
	states.SetServingStatus("pay.v1.Pay", healthpb.HealthCheckResponse_SERVING)
	states.SetServingStatus("pay.v1.Refund", healthpb.HealthCheckResponse_NOT_SERVING)
	healthpb.RegisterHealthServer(server, states)
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

func TestGRPC(t *testing.T) {
	ca := newAuthority(t, "Acme Root")
	plain, secured := well(t, nil), well(t, &tls.Config{Certificates: []tls.Certificate{ca.local(t).pair()}})
	strange := handshakes(t, &tls.Config{Certificates: []tls.Certificate{newAuthority(t, "Mallory").local(t).pair()}, NextProtos: []string{"h2"}})
	old := handshakes(t, &tls.Config{Certificates: []tls.Certificate{ca.local(t).pair()}, NextProtos: []string{"http/1.1"}})
	older := handshakes(t, &tls.Config{Certificates: []tls.Certificate{ca.local(t).pair()}})
	empty := grpc.NewServer()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go empty.Serve(listener)
	t.Cleanup(empty.Stop)
	for name, test := range map[string]struct {
		target, service string
		encrypted       bool
		want            Answer
	}{
		"serving":           {plain, "pay.v1.Pay", false, Answer{Class: Answered, Health: "SERVING"}},
		"the server":        {plain, "", false, Answer{Class: Answered, Health: "SERVING"}},
		"not serving":       {plain, "pay.v1.Refund", false, Answer{Class: Answered, Health: "NOT_SERVING"}},
		"unknown service":   {plain, "pay.v2.Pay", false, Answer{Class: Answered, Status: 5, Detail: "unknown service"}},
		"no health service": {listener.Addr().String(), "", false, Answer{Class: Answered, Status: 12, Detail: "unknown service grpc.health.v1.Health"}},
		"over TLS":          {secured, "pay.v1.Pay", true, Answer{Class: Answered, Health: "SERVING"}},
		"TLS on plain":      {plain, "", true, Answer{Class: TLS}},
		"plain on TLS":      {secured, "", false, Answer{Class: Reset}},
		"of a stranger":     {strange, "", true, Answer{Class: TLS, Detail: "the certificate was issued by CN=Mallory"}},
		"without HTTP/2":    {old, "", true, Answer{Class: TLS, Detail: "remote error: tls: no application protocol"}},
		"without ALPN":      {older, "", true, Answer{Class: TLS, Detail: "tls: it speaks no HTTP/2"}},
		"nobody":            {"127.0.0.1:1", "", false, Answer{Class: Refused, Detail: "127.0.0.1:1: connection refused"}},
		"nobody over TLS":   {"127.0.0.1:1", "", true, Answer{Class: Refused, Detail: "127.0.0.1:1: connection refused"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := New().Do(t.Context(), Request{Kind: KindGRPC, Target: test.target, Service: test.service, Encrypted: test.encrypted, Timeout: 10 * time.Second, Trust: Trust{Roots: ca.pool()}})
			if a.Class != test.want.Class || a.Status != test.want.Status || a.Health != test.want.Health || !strings.HasPrefix(a.Detail, test.want.Detail) {
				t.Errorf("got %+v, want %+v", a, test.want)
			}
		})
	}
}

// frames answers a call with frames of its own making.
func frames(answer func(f *http2.Framer, stream uint32)) func(net.Conn) {
	return func(c net.Conn) {
		io.ReadFull(c, make([]byte, len(http2.ClientPreface)))
		f := http2.NewFramer(c, c)
		f.WriteSettings()
		for {
			frame, err := f.ReadFrame()
			if err != nil {
				return
			}
			switch frame := frame.(type) {
			case *http2.SettingsFrame:
				if !frame.IsAck() {
					f.WriteSettingsAck()
				}
			case *http2.HeadersFrame:
				answer(f, frame.StreamID)
			}
		}
	}
}

// header is a block of header fields.
func header(fields ...string) []byte {
	var b bytes.Buffer
	e := hpack.NewEncoder(&b)
	for i := 0; i < len(fields); i += 2 {
		e.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]})
	}
	return b.Bytes()
}

// Whatever a server sends: the call ends, and what it sent is no health.
func TestGRPCHostile(t *testing.T) {
	begin := func(f *http2.Framer, stream uint32, end bool, fields ...string) {
		f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: header(fields...), EndHeaders: true, EndStream: end})
	}
	ok := []string{":status", "200", "content-type", "application/grpc"}
	for name, test := range map[string]struct {
		serve  func(net.Conn)
		class  Class
		status int
	}{
		"silent":   {deaf, Timeout, 0},
		"hangs up": {func(c net.Conn) { c.Read(make([]byte, 1)) }, Reset, 0},
		"http/1.1": {func(c net.Conn) {
			c.Read(make([]byte, 1024))
			io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n")
			deaf(c)
		}, Malformed, 0},
		"no answer": {frames(func(*http2.Framer, uint32) {}), Timeout, 0},
		"reset":     {frames(func(f *http2.Framer, s uint32) { f.WriteRSTStream(s, http2.ErrCodeInternal) }), Reset, 0},
		"goaway": {frames(func(f *http2.Framer, s uint32) {
			f.WriteGoAway(s, http2.ErrCodeEnhanceYourCalm, []byte("\x1b[2J"))
			f.WriteRSTStream(s, http2.ErrCodeCancel)
		}), Reset, 0},
		"html": {frames(func(f *http2.Framer, s uint32) {
			begin(f, s, false, ":status", "503", "content-type", "text/html")
			f.WriteData(s, true, []byte("<html>SERVING"))
		}), Malformed, 0},
		"forbidden": {frames(func(f *http2.Framer, s uint32) { begin(f, s, true, ":status", "403", "content-type", "text/html") }), Answered, 7},
		"4 GB": {frames(func(f *http2.Framer, s uint32) {
			begin(f, s, false, ok...)
			f.WriteData(s, false, []byte{0, 0xff, 0xff, 0xff, 0xff, 8, 1})
		}), Answered, 8},
		"garbage": {frames(func(f *http2.Framer, s uint32) {
			begin(f, s, false, ok...)
			f.WriteData(s, false, []byte{0, 0, 0, 0, 3, 0xff, 0xff, 0xff})
			begin(f, s, true, "grpc-status", "0")
		}), Answered, 13},
		"nothing in it": {frames(func(f *http2.Framer, s uint32) {
			begin(f, s, false, ok...)
			begin(f, s, true, "grpc-status", "0")
		}), Answered, 13},
		"cut": {frames(func(f *http2.Framer, s uint32) {
			begin(f, s, false, ok...)
			f.WriteData(s, true, []byte{0, 0, 0, 0, 2, 8, 1})
		}), Answered, 13},
		"long headers": {frames(func(f *http2.Framer, s uint32) {
			begin(f, s, true, append(ok, "grpc-status", "0", "x", strings.Repeat("x", 1<<17))...)
		}), Malformed, 0},
		"a message": {frames(func(f *http2.Framer, s uint32) {
			begin(f, s, true, append(ok, "grpc-status", "14", "grpc-message", "down%0A::error::")...)
		}), Answered, 14},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeout := 10 * time.Second
			if test.class == Timeout {
				timeout = 300 * time.Millisecond
			}
			a := New().Do(t.Context(), Request{Kind: KindGRPC, Target: listen(t, test.serve), Timeout: timeout})
			if a.Class != test.class || a.Status != test.status || a.Health != "" {
				t.Errorf("%+v, want %s %d", a, test.class, test.status)
			}
		})
	}
}
