package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/Masterminds/semver/v3"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// build is what GET /version answers.
type build struct {
	Service string `json:"service"`
	Version string `json:"version"`
	Commit  string `json:"commit"`
}

// product is something to buy.
type product struct {
	Name  string `json:"name"`
	Cents int    `json:"cents"`
}

var shelf = []product{{"kettle", 2900}, {"teapot", 3400}}

// newHandler answers for a build. A service that cannot say what it is does not start. With a
// fault every answer is a 500 that names it; a mood spoils what customers ask for alone.
func newHandler(b build, fault string, m mood) (http.Handler, error) {
	if _, err := semver.StrictNewVersion(b.Version); err != nil {
		return nil, fmt.Errorf("the version %q: %w", b.Version, err)
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	registry := prometheus.NewRegistry()
	meter := newMeter(registry, b.Version)
	answers := http.NewServeMux()
	answers.HandleFunc("GET /version", func(w http.ResponseWriter, r *http.Request) { reply(w, fault, b) })
	answers.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { reply(w, fault, map[string]string{"status": "ok"}) })
	answers.HandleFunc("GET /products", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(m.Slow)
		reply(w, m.fault(fault), shelf)
	})
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.Handle("/", meter.measure(answers))
	return mux, nil
}

func reply(w http.ResponseWriter, fault string, body any) {
	w.Header().Set("Content-Type", "application/json")
	if fault != "" {
		w.WriteHeader(http.StatusInternalServerError)
		body = map[string]string{"error": fault}
	}
	json.NewEncoder(w).Encode(body) // a client that went away is no concern of ours
}
