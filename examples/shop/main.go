// Shop is a small service to release: it says which version it is, and whether it is well.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	spoil := content
	flag.Float64Var(&spoil.Errors, "errors", 0, "the share of requests for /products that fail, such as 0.05; for a version that is no good")
	flag.DurationVar(&spoil.Slow, "slow", 0, "how much longer each request for /products takes, such as 300ms; likewise")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr, spoil); err != nil {
		fmt.Fprintln(os.Stderr, "shop:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends, then lets requests under way finish.
func run(ctx context.Context, addr string, m mood) error {
	handler, err := newHandler(build{Service: "shop", Version: version, Commit: commit}, fault, m)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf("shop %s listens on http://%s\n", version, listener.Addr())

	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		stopped <- server.Shutdown(grace)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
