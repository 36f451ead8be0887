package main

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// stubs is a server that answers from a file. The file is an object from "METHOD /path?query" to
// an answer or a list of them, given in turn; the last one stays. A query may be left out, and then
// any fits. Variables such as $API in the file are filled in before it is read.
type stubs struct {
	answers map[string]answers
	mu      sync.Mutex
	asked   map[string]int
	strange map[string]bool
	server  *httptest.Server
}

// answer is one answer. Body is sent as it is where it is a string, else as JSON.
type answer struct {
	Status  int               `json:"status"` // 0 is 200
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
	Delay   string            `json:"delay"`
	Cut     bool              `json:"cut"`     // break the connection after half of the body
	Endless bool              `json:"endless"` // repeat the body for ever
}

type answers []answer

func (a *answers) UnmarshalJSON(text []byte) error {
	if text[0] == '[' {
		return json.Unmarshal(text, (*[]answer)(a))
	}
	*a = make([]answer, 1)
	return json.Unmarshal(text, &(*a)[0])
}

// running holds the servers of all scripts, by variable and working folder.
var (
	runningMu sync.Mutex
	running   = map[string]*stubs{}
)

func (s *stubs) start() string {
	s.asked, s.strange = map[string]int{}, map[string]bool{}
	s.server = httptest.NewServer(s)
	return s.server.URL
}

func (s *stubs) close() { s.server.CloseClientConnections(); s.server.Close() }

func (s *stubs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := r.Method + " " + r.URL.RequestURI()
	s.mu.Lock()
	list, ok := s.answers[key]
	if !ok {
		key = r.Method + " " + r.URL.Path
		list, ok = s.answers[key]
	}
	if !ok {
		s.strange[r.Method+" "+r.URL.RequestURI()] = true
		s.mu.Unlock()
		http.Error(w, `{"message":"Not Found"}`, http.StatusNotFound)
		return
	}
	a := list[min(s.asked[key], len(list)-1)]
	s.asked[key]++
	s.mu.Unlock()
	a.send(w, r)
}

func (a answer) send(w http.ResponseWriter, r *http.Request) {
	if d, err := time.ParseDuration(a.Delay); err == nil {
		select {
		case <-time.After(d):
		case <-r.Context().Done():
			return
		}
	}
	body := string(a.Body)
	if strings.HasPrefix(body, `"`) {
		json.Unmarshal(a.Body, &body)
	} else {
		w.Header().Set("Content-Type", "application/json")
	}
	for name, value := range a.Headers {
		w.Header().Set(name, value)
	}
	if a.Status != 0 {
		w.WriteHeader(a.Status)
	}
	switch {
	case a.Endless:
		for {
			if _, err := io.WriteString(w, body); err != nil {
				return
			}
		}
	case a.Cut:
		io.WriteString(w, body[:len(body)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	io.WriteString(w, body)
}

func (s *stubs) unused() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(s.answers)) {
		if s.asked[key] == 0 {
			keys = append(keys, key)
		}
	}
	return keys
}

func (s *stubs) surprises() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.strange))
}
