package fakegithub

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

const (
	sha   = "0123456789abcdef0123456789abcdef01234567"
	token = "ghs_verysecret"
)

// seeded is a hub with something of everything, and without git.
func seeded(t *testing.T) (h *Hub, address string) {
	t.Helper()
	h = New("acme/shop", "", token)
	h.Now = func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }
	seed, err := os.ReadFile("testdata/seed.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Seed(seed); err != nil {
		t.Fatal(err)
	}
	address = h.Start()
	t.Cleanup(h.Close)
	return h, address
}

// ask sends a request and reads the answer as JSON.
func ask(t *testing.T, method, address, body string, headers ...string) (status int, header http.Header, value any) {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(text, &value)
	return resp.StatusCode, resp.Header, value
}

// TestEveryRead asks each reading operation that needs no git, and wants answers that fit the description.
func TestEveryRead(t *testing.T) {
	h, address := seeded(t)
	args := strings.NewReplacer("{owner}/{repo}", "acme/shop", "{ref}", sha, "{commit_sha}", sha, "{check_run_id}", "1", "{run_id}", "42", "{attempt_number}", "1", "{workflow_id}", "ci.yml",
		"{pull_number}", "7", "{issue_number}", "1", "{basehead}", "v1...v2", "{path}", "docs/rollback.md", "{tag}", "v1.0.0", "{deployment_id}", "1", "{release_id}", "1", "{username}", "ada", "{org}", "acme", "{team_slug}", "sre")
	for _, one := range routes {
		if one.method != "GET" || strings.Contains(one.path, "/git/") {
			continue
		}
		status, _, value := ask(t, "GET", address+args.Replace(one.path), "")
		list, ok := value.([]any)
		if o, is := value.(map[string]any); is {
			for _, inner := range o {
				if l, is := inner.([]any); is && o["total_count"] != nil {
					list, ok = l, true
				}
			}
		}
		if status != 200 || ok && len(list) == 0 && !strings.Contains(one.path, "workflow_id") {
			t.Errorf("GET %s: %d, %v", one.path, status, value)
		}
	}
	for _, c := range h.Complaints() {
		t.Error(c)
	}
}

// TestWrites writes what a decision writes, and reads it back.
func TestWrites(t *testing.T) {
	h, address := seeded(t)
	for _, tt := range []struct{ method, path, body, want string }{
		{"POST", "check-runs", `{"name": "gate", "head_sha": "` + sha + `", "external_id": "slipway/x", "conclusion": "failure", "output": {"title": "NO-GO", "summary": "s"}}`, `201 .*"completed_at":"2026-03-02T09:00:00Z".*"conclusion":"failure".*"external_id":"slipway/x".*"id":5,.*"status":"completed"`},
		{"PATCH", "check-runs/5", `{"conclusion": "success"}`, `200 .*"conclusion":"success"`},
		{"PATCH", "check-runs/99", `{"conclusion": "success"}`, `404`},
		{"POST", "issues", `{"title": "Long", "body": "` + strings.Repeat("x", 65_537) + `"}`, `422`},
		{"POST", "issues", `{"title": "Change", "body": "b", "labels": ["change"]}`, `201 .*"created_at":"2026-03-02T09:00:00Z".*"name":"change".*"number":8`},
		{"PATCH", "issues/8", `{"state": "closed", "state_reason": "completed"}`, `200 .*"closed_at":"2026-03-02T09:00:00Z".*"state":"closed"`},
		{"POST", "issues/8/labels", `{"labels": ["a", "change"]}`, `200 .*"name":"a".*"name":"change"`},
		{"DELETE", "issues/8/labels/change", ``, `200 \[\{[^}]*"name":"a"[^}]*\}\]`},
		{"DELETE", "issues/8/labels/change", ``, `404`},
		{"PUT", "issues/8/labels", `["b"]`, `200 \[\{[^}]*"name":"b"[^}]*\}\]`},
		{"POST", "issues/8/comments", `{"body": "/approve as sre"}`, `201 .*"created_at":"2026-03-02T09:00:00Z".*"id":3,.*"login":"github-actions\[bot\]"`},
		{"PATCH", "issues/comments/3", `{"body": "no"}`, `200 .*"body":"no"`},
		{"GET", "issues?labels=b&state=open", ``, `200 \[\]`},
		{"GET", "issues?labels=b&state=all", ``, `200 .*"number":8`},
		{"GET", "issues?labels=Blocker", ``, `200 .*"number":1`},
		{"GET", "issues?milestone=1", ``, `200 \[.*"number":1`},
		{"GET", "issues?since=2026-03-03T00:00:00Z", ``, `200 \[\]`},
		{"POST", "statuses/" + sha, `{"state": "success", "context": "gate"}`, `201 .*"context":"gate"`},
		{"GET", "commits/" + sha + "/statuses?per_page=1", ``, `200 .*"context":"gate"`},
		{"POST", "deployments", `{"ref": "` + sha + `", "environment": "staging"}`, `201 .*"environment":"staging".*"id":2`},
		{"POST", "deployments/2/statuses", `{"state": "success"}`, `201 .*"state":"success"`},
		{"GET", "deployments?environment=staging", ``, `200 .*"id":2`},
		{"GET", "actions/runs?head_sha=" + sha, ``, `200 .*"total_count":1`},
		{"GET", "actions/runs?head_sha=x", ``, `200 .*"total_count":0`},
	} {
		status, _, value := ask(t, tt.method, address+"/repos/acme/shop/"+tt.path, tt.body)
		text, _ := json.Marshal(value)
		if got := fmt.Sprintf("%d %s", status, text); !regexp.MustCompile("^" + tt.want).MatchString(got) {
			t.Errorf("%s %s: %.600s\nwant %s", tt.method, tt.path, got, tt.want)
		}
	}
	for _, c := range h.Complaints() {
		t.Error(c)
	}
}

// TestComplaints sends what GitHub does not know, and seeds what it never answers with.
func TestComplaints(t *testing.T) {
	for name, tt := range map[string]struct{ method, path, body, want string }{
		"an unknown address":   {"GET", "/repos/acme/shop/secrets", "", "no operation"},
		"an unknown parameter": {"GET", "/repos/acme/shop/issues?label=x", "", "the query has label"},
		"a wrong parameter":    {"GET", "/repos/acme/shop/issues?state=done", "", "state in the query"},
		"a number that is not": {"GET", "/repos/acme/shop/issues?page=one", "", "page in the query"},
		"a wrong id":           {"GET", "/repos/acme/shop/issues/one", "", "issue_number in the address"},
		"no body":              {"POST", "/repos/acme/shop/issues", "", "no body"},
		"an unknown field":     {"PATCH", "/repos/acme/shop/issues/1", `{"created_at": "2020-01-01T00:00:00Z"}`, "created_at"},
		"a missing field":      {"POST", "/repos/acme/shop/check-runs", `{"name": "x"}`, "head_sha"},
		"a wrong value":        {"POST", "/repos/acme/shop/statuses/" + sha, `{"state": "great"}`, "state"},
		"a wrong answer":       {"GET", "/repos/acme/shop/commits/" + strings.Repeat("b", 40) + "/check-runs", "", "the answer 200"},
	} {
		t.Run(name, func(t *testing.T) {
			h, address := seeded(t)
			if err := h.Seed([]byte(`{"check_runs": [{"id": 9, "head_sha": "` + strings.Repeat("b", 40) + `", "name": "x", "status": "great"}]}`)); err != nil {
				t.Fatal(err)
			}
			ask(t, tt.method, address+tt.path, tt.body)
			if all := h.Complaints(); len(all) != 1 || !strings.Contains(all[0], tt.want) {
				t.Errorf("it complains of %q, want %s", all, tt.want)
			}
		})
	}
	h := New("acme/shop", "", token)
	if err := h.Seed([]byte(`{"checkruns": []}`)); err == nil {
		t.Error("a misspelt seed is taken")
	}
}

// TestPages walks a list by its links.
func TestPages(t *testing.T) {
	h, address := seeded(t)
	for i := range 250 {
		h.CheckRuns = append(h.CheckRuns, object{"id": 100 + i, "name": fmt.Sprint("job ", i), "head_sha": sha, "status": "completed", "conclusion": "success"})
	}
	link := regexp.MustCompile(`<([^>]+)>; rel="next"`)
	at, pages, seen := address+"/repos/acme/shop/commits/"+sha+"/check-runs?per_page=100&filter=all", 0, 0
	for at != "" {
		_, header, value := ask(t, "GET", at, "")
		pages, at = pages+1, ""
		seen += len(value.(map[string]any)["check_runs"].([]any))
		if next := link.FindStringSubmatch(header.Get("Link")); next != nil {
			at = next[1]
		}
	}
	if pages != 3 || seen != 254 {
		t.Errorf("%d check runs on %d pages", seen, pages)
	}
}

// TestUnchanged asks again with the tag of the answer before.
func TestUnchanged(t *testing.T) {
	h, address := seeded(t)
	at := address + "/repos/acme/shop/issues"
	_, first, _ := ask(t, "GET", at, "")
	status, again, value := ask(t, "GET", at, "", "If-None-Match", first.Get("ETag"))
	if status != http.StatusNotModified || value != nil || h.Unchanged() != 1 || again.Get("X-RateLimit-Remaining") != first.Get("X-RateLimit-Remaining") {
		t.Errorf("%d, %v, %d unchanged, %s left", status, value, h.Unchanged(), again.Get("X-RateLimit-Remaining"))
	}
	ask(t, "POST", at, `{"title": "x"}`)
	if status, _, _ := ask(t, "GET", at, "", "If-None-Match", first.Get("ETag")); status != http.StatusOK {
		t.Errorf("after a change: %d", status)
	}
}

func TestPermits(t *testing.T) {
	h, address := seeded(t)
	clear(h.Permits)
	h.Permits["pull-requests:write"] = true
	for path, want := range map[string]int{"issues/1": 403, "issues/7": 200, "pulls/7": 200, "issues/7/comments": 200, "issues": 403, "commits/" + sha + "/check-runs": 403, "releases": 403, "collaborators/ada/permission": 200} {
		if status, _, _ := ask(t, "GET", address+"/repos/acme/shop/"+path, ""); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	if status, _, _ := ask(t, "GET", address+"/repos/acme/shop/releases", "", "Authorization", "Bearer other"); status != 401 {
		t.Errorf("another token: %d", status)
	}
	if status, _, _ := ask(t, "GET", address+"/repos/acme/other/releases", ""); status != 404 {
		t.Errorf("another repository: %d", status)
	}
}

// TestEvents makes the payloads that scripts hand in as the runner's event file.
func TestEvents(t *testing.T) {
	h, _ := seeded(t)
	for _, kind := range events {
		given, err := os.ReadFile("testdata/events/" + kind + ".json")
		if err != nil {
			t.Fatal(err)
		}
		whole, err := h.Event(kind, given)
		if err != nil || !strings.Contains(string(whole), `"full_name": "acme/shop"`) {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, err := h.Event("pull-request-opened", []byte(`{"action": "opened", "pull": {}}`)); err == nil {
		t.Error("an unknown field is taken")
	}
}
