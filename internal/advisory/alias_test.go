package advisory

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/slipway-actions/slipway/internal/osv"
)

const (
	affectingA = `{"id":"%s","aliases":[%s],%s"affected":[{"package":{"ecosystem":"%s","name":"example.com/a"},"ranges":[{"type":"SEMVER","events":[{"introduced":"%s"}]}]}]}`
	vector     = `"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],`
	word       = `"database_specific":{"severity":"LOW"},`
	elsewhere  = `{"id":"%s","severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]}`
)

func TestAliasesOfFolder(t *testing.T) {
	other := []byte(fmt.Sprintf(elsewhere, "CVE-1"))
	tests := []struct {
		name  string
		files map[string][]byte
		want  string
	}{
		{"no severity", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"cve-1","GHSA-x"`, "", "Go", "0")), "Go/CVE-1.json": other}, "CVE-1"},
		{"a word", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"CVE-1"`, word, "Go", "0")), "Go/CVE-1.json": other}, "CVE-1"},
		{"a vector", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"CVE-1"`, vector, "Go", "0")), "Go/CVE-1.json": other}, ""},
		{"another kind of alias", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"ZZ-1"`, "", "Go", "0")), "Go/ZZ-1.json": []byte(fmt.Sprintf(elsewhere, "ZZ-1"))}, ""},
		{"not affected", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"CVE-1"`, "", "Go", "2.0.0")), "Go/CVE-1.json": other}, ""},
		{"a candidate itself", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"CVE-1"`, "", "Go", "0")), "Go/CVE-1.json": []byte(fmt.Sprintf(affectingA, "CVE-1", "", "", "Go", "2.0.0"))}, ""},
		{"withdrawn", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"CVE-1"`, "", "Go", "0")), "Go/CVE-1.json": []byte(`{"id":"CVE-1","withdrawn":"2025-01-01T00:00:00Z"}`)}, ""},
		{"in the data of another ecosystem", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"CVE-1"`, "", "Go", "0")), "npm/CVE-1.json": other}, "CVE-1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, ok := test.files["npm/CVE-1.json"]; !ok {
				test.files["npm/X.json"] = []byte(fmt.Sprintf(elsewhere, "X"))
			}
			a := folder(t, test.files).Ask(t.Context(), []osv.Package{installed, {Ecosystem: "npm", Name: "a", Version: "1.0.0"}})
			if got := strings.Join(slices.Sorted(maps.Keys(a.Aliases)), " "); got != test.want || len(a.Problems) > 0 {
				t.Errorf("got %q, want %q; %+v", got, test.want, a.Problems)
			}
		})
	}
}

func TestAliasesOfServer(t *testing.T) {
	tests := []struct {
		name     string
		status   int
		body     string
		want     string
		problems int
	}{
		{"there", 200, fmt.Sprintf(elsewhere, "CVE-1"), "CVE-1", 0},
		{"no such record", 404, `{"code":5,"message":"Bug not found."}`, "", 0},
		{"withdrawn", 200, `{"id":"CVE-1","withdrawn":"2025-01-01T00:00:00Z"}`, "", 0},
		{"refused", 403, "", "", 1},
		{"failing", 500, "", "", 1},
		{"another one", 200, fmt.Sprintf(elsewhere, "CVE-9"), "", 1},
		{"malformed", 200, "{", "", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var mu sync.Mutex
			var asked []string
			s := server(t, func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				asked = append(asked, r.URL.Path)
				mu.Unlock()
				switch r.URL.Path {
				case "/v1/querybatch":
					fmt.Fprint(w, `{"results":[{"vulns":[{"id":"GO-1"},{"id":"GO-2"}]}]}`)
				case "/v1/vulns/GO-1":
					fmt.Fprintf(w, affectingA, "GO-1", `"CVE-1","CVE-../secret","RUSTSEC-1"`, "", "Go", "0")
				case "/v1/vulns/GO-2":
					fmt.Fprintf(w, affectingA, "GO-2", `"CVE-2"`, vector, "Go", "0")
				default:
					w.WriteHeader(test.status)
					fmt.Fprint(w, test.body)
				}
			})
			a := s.Ask(t.Context(), []osv.Package{installed})
			if got := strings.Join(slices.Sorted(maps.Keys(a.Aliases)), " "); got != test.want || len(a.Problems) != test.problems {
				t.Errorf("got %q, want %q; %+v", got, test.want, a.Problems)
			}
			slices.Sort(asked)
			if got := strings.Join(slices.Compact(asked), " "); got != "/v1/querybatch /v1/vulns/CVE-1 /v1/vulns/GO-1 /v1/vulns/GO-2" {
				t.Errorf("asked for %s", got)
			}
		})
	}
}
