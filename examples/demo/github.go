package main

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"sync"
)

// github is as much of GitHub as the decision asks: the checks on a commit.
type github struct {
	url    string
	server *http.Server

	mu     sync.Mutex
	checks map[string][]check // by commit
}

// check is a check run in the API's form.
type check struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	Status     string `json:"status"`
	Conclusion string `json:"conclusion"`
	HeadSHA    string `json:"head_sha"`
	StartedAt  string `json:"started_at"`
	App        app    `json:"app"`
}

type app struct {
	Slug string `json:"slug"`
}

func startGitHub() (*github, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	g := &github{url: "http://" + listener.Addr().String(), checks: map[string][]check{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /repos/acme/shop/commits/{sha}/check-runs", g.checkRuns)
	mux.HandleFunc("GET /repos/acme/shop/commits/{sha}/statuses", func(w http.ResponseWriter, r *http.Request) { answer(w, []any{}) })
	g.server = &http.Server{Handler: mux}
	go g.server.Serve(listener)
	return g, nil
}

func (g *github) close() { g.server.Close() }

// report records how a check ended.
func (g *github) report(sha, name string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	conclusion := "success"
	if err != nil {
		conclusion = "failure"
	}
	g.checks[sha] = append(g.checks[sha], check{
		ID: int64(len(g.checks[sha]) + 1), Name: name, Status: "completed", Conclusion: conclusion, HeadSHA: sha, StartedAt: "2026-03-01T12:00:00Z", App: app{"github-actions"},
	})
}

func (g *github) checkRuns(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	runs := g.checks[strings.ToLower(r.PathValue("sha"))]
	answer(w, map[string]any{"total_count": len(runs), "check_runs": append([]check{}, runs...)})
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(body)
}
