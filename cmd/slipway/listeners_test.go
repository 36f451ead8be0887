package main

import (
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// listenOn starts a server that does not speak plain HTTP: `listen <variable> https <stubs.json>`, and likewise
// tcp and grpc, with the services that are well, or grpcs. The variable is its address, host:port but for
// https. The authority of its certificate lies in <variable>.pem, and in base64 in <variable>_AUTHORITY.
func listenOn(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: listen <variable> https <stubs.json> | tcp | grpc <service>... | grpcs <service>...")
	}
	switch variable, kind := args[0], args[1]; kind {
	case "https":
		s := &stubs{asked: map[string]int{}, strange: map[string]bool{}}
		ts.Check(json.Unmarshal([]byte(os.Expand(ts.ReadFile(args[2]), ts.Getenv)), &s.answers))
		s.server = httptest.NewUnstartedServer(s)
		s.server.Config.ErrorLog = log.New(io.Discard, "", 0) // it would tell of handshakes that are meant to fail
		s.server.StartTLS()
		ts.Setenv(variable, s.server.URL)
		ts.Defer(s.close)
		writeAuthority(ts, variable, s.server)
		runningMu.Lock()
		running[variable+ts.Getenv("WORK")] = s
		runningMu.Unlock()
	case "tcp", "grpc", "grpcs":
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		ts.Defer(func() { listener.Close() })
		ts.Setenv(variable, listener.Addr().String())
		if kind == "tcp" {
			return // the system takes connections as they come
		}
		var options []grpc.ServerOption
		if kind == "grpcs" {
			lender := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate
			writeAuthority(ts, variable, lender)
			options = append(options, grpc.Creds(credentials.NewTLS(&tls.Config{Certificates: lender.TLS.Certificates})))
			lender.Close()
		}
		server, states := grpc.NewServer(options...), health.NewServer()
		for _, service := range args[2:] {
			name, status, _ := strings.Cut(service, "=")
			states.SetServingStatus(name, healthpb.HealthCheckResponse_ServingStatus(healthpb.HealthCheckResponse_ServingStatus_value[status]))
		}
		healthpb.RegisterHealthServer(server, states)
		go server.Serve(listener)
		ts.Defer(server.Stop)
	default:
		ts.Fatalf("there is no listening by %s", kind)
	}
}

func writeAuthority(ts *testscript.TestScript, variable string, s *httptest.Server) {
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	ts.Check(os.WriteFile(ts.MkAbs(variable+".pem"), text, 0o644))
	ts.Setenv(variable+"_AUTHORITY", base64.StdEncoding.EncodeToString(text))
}
