//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// advisoryServer answers as api.osv.dev does, from one real advisory: the module of the constant vulnerable has it.
func advisoryServer(t *testing.T) string {
	t.Helper()
	const id = "GO-2020-0001"
	text, err := os.ReadFile(filepath.Join(root, "internal/securitygate/testdata/osv/Go", id+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var advisory struct{ Modified string }
	if err := json.Unmarshal(text, &advisory); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v1/querybatch":
			var asked struct {
				Queries []struct {
					Version string
					Package struct{ Name string }
				}
			}
			if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&asked); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			answers := make([]string, len(asked.Queries))
			for i, query := range asked.Queries {
				answers[i] = "{}"
				if vulnerable == query.Package.Name+" v"+strings.TrimPrefix(query.Version, "v") {
					answers[i] = fmt.Sprintf(`{"vulns":[{"id":%q,"modified":%q}]}`, id, advisory.Modified)
				}
			}
			fmt.Fprintf(w, `{"results":[%s]}`, strings.Join(answers, ","))
		case "/v1/vulns/" + id:
			_, _ = w.Write(text)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// calls are what the stand-ins were asked so far, a line a call.
func (f *flow) calls() string {
	f.Helper()
	text, err := os.ReadFile(filepath.Join(f.standin, "calls"))
	if err != nil && !os.IsNotExist(err) {
		f.Fatal(err)
	}
	return string(bytes.TrimSpace(text))
}

// deployed is a service that runs the version of the last call that fits a pattern, and before any call none. It
// answers nothing but 500 while it runs a version that is broken.
func (f *flow) deployed(pattern, broken string) string {
	f.Helper()
	call := regexp.MustCompile(pattern)
	return answer(f.T, func(string) (int, string) {
		version := "none"
		if found := call.FindAllStringSubmatch(f.calls(), -1); found != nil {
			version = found[len(found)-1][1]
		}
		if version == broken {
			return http.StatusInternalServerError, "broken"
		}
		return http.StatusOK, fmt.Sprintf(`{"version":%q,"status":"ok"}`, version)
	})
}
