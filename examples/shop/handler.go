package main

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/Masterminds/semver/v3"
)

// build is what GET /version answers.
type build struct {
	Service string `json:"service"`
	Version string `json:"version"`
	Commit  string `json:"commit"`
}

// newHandler answers for a build. A service that cannot say what it is does not start. With a
// fault every answer is a 500 that names it.
func newHandler(b build, fault string) (http.Handler, error) {
	if _, err := semver.StrictNewVersion(b.Version); err != nil {
		return nil, fmt.Errorf("the version %q: %w", b.Version, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, r *http.Request) { reply(w, fault, b) })
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { reply(w, fault, map[string]string{"status": "ok"}) })
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
