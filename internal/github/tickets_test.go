package github

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestTicket holds that only an open or closed issue of the repository is one.
func TestTicket(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		want   Ticket
		err    string
		stray  bool
	}{
		"of a bot": {200, `{"number":12,"title":"t","body":"b","state":"open","html_url":"u","labels":[{"name":"change"}],"comments":3,"user":{"type":"Bot"},"repository_url":"https://api.github.com/repos/Acme/shop"}`,
			Ticket{12, "t", "b", "u", true, []string{"change"}, 3, true}, "", false},
		"of a stranger":        {200, `{"number":12,"state":"closed","labels":[],"author_association":"CONTRIBUTOR","user":{"type":"User"}}`, Ticket{Number: 12}, "", false},
		"of a member":          {200, `{"number":12,"state":"open","labels":[],"author_association":"MEMBER"}`, Ticket{Number: 12, Open: true, Trusted: true}, "", false},
		"a pull request":       {200, `{"number":12,"state":"open","labels":[],"pull_request":{"url":"x"}}`, Ticket{}, "it is a pull request", true},
		"moved away":           {200, `{"number":12,"state":"open","labels":[],"repository_url":"https://api.github.com/repos/acme/shop2"}`, Ticket{}, "moved to another", true},
		"another one":          {200, `{"number":13,"state":"open","labels":[]}`, Ticket{}, "#13 came", false},
		"labels unsaid":        {200, `{"number":12,"state":"open"}`, Ticket{}, "without number, state or labels", false},
		"errors":               {200, `{"errors":[{"message":"x"}]}`, Ticket{}, "without number", false},
		"a list":               {200, `[]`, Ticket{}, "no answer that can be used", false},
		"a page":               {200, `<html>`, Ticket{}, "is not JSON", false},
		"forbidden":            {403, `{"message":"Resource not accessible"}`, Ticket{}, "lacks the permission issues: read", false},
		"not there":            {404, `{"message":"Not Found"}`, Ticket{}, "404", false},
		"gone":                 {410, `{"message":"This issue was deleted"}`, Ticket{}, "410", false},
		"trouble":              {500, `{}`, Ticket{}, "trouble", false},
		"a limit for too long": {429, `{}`, Ticket{}, "rate limit", false},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/api/v3/repos/acme/shop/issues/12" {
					t.Errorf("asked for %s", r.URL.Path)
				}
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.body)
			})
			got, err := c.Ticket(t.Context(), "acme/shop", 12)
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) || errors.Is(err, ErrNoTicket) != tt.stray {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); err == nil && diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOpenTickets leaves out what GitHub may list beside the tickets.
func TestOpenTickets(t *testing.T) {
	issue := func(number int, more string) string {
		return fmt.Sprintf(`{"number":%d,"state":"open","labels":[{"name":"Change"},{"name":"shop"}]%s}`, number, more)
	}
	for name, tt := range map[string]struct {
		pages []string
		want  []int
		err   string
	}{
		"none":               {[]string{`[]`}, nil, ""},
		"newest first":       {[]string{"[" + issue(3, "") + "," + issue(9, "") + "]", "[" + issue(5, "") + "]"}, []int{9, 5, 3}, ""},
		"a pull request":     {[]string{"[" + issue(3, `,"pull_request":{}`) + "," + issue(4, "") + "]"}, []int{4}, ""},
		"one without labels": {[]string{`[{"number":3,"state":"open","labels":[{"name":"change"}]}]`}, nil, ""},
		"a closed one":       {[]string{`[{"number":3,"state":"closed","labels":[{"name":"change"},{"name":"shop"}]}]`}, nil, ""},
		"no list":            {[]string{`null`}, nil, "no list"},
		"of something":       {[]string{`[{}]`}, nil, "without number"},
		"errors":             {[]string{`{"errors":[]}`}, nil, "no answer that can be used"},
		"moved":              {[]string{"[" + issue(3, `,"repository_url":"x/repos/acme/other"`) + "]"}, nil, "moved"},
		"a loop":             {[]string{"[" + issue(3, "") + "]", "[" + issue(3, "") + "]"}, nil, "repeats or leads back"},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				q := r.URL.Query()
				if q.Get("labels") != "change,shop" || q.Get("state") != "open" {
					t.Errorf("the query is %v", q)
				}
				var at int
				fmt.Sscan(q.Get("page"), &at)
				if at < len(tt.pages) {
					next(w, r, fmt.Sprintf("page=%d", at+1))
				}
				io.WriteString(w, tt.pages[at-1])
			})
			got, err := c.OpenTickets(t.Context(), "acme/shop", []string{"change", "shop"})
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Fatal(err)
			}
			var numbers []int
			for _, t := range got {
				numbers = append(numbers, t.Number)
			}
			if !cmp.Equal(numbers, tt.want) {
				t.Errorf("found %v, want %v", numbers, tt.want)
			}
		})
	}
}

func TestTicketComments(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		want []TicketComment
		err  string
	}{
		"two": {`[{"id":1,"body":"/approve","user":{"login":"ada"},"created_at":"2026-03-01T12:00:00Z","updated_at":"2026-03-01T13:00:00Z","html_url":"u"},{"id":2,"user":null,"created_at":"2026-03-01T12:00:00Z"}]`,
			[]TicketComment{{"ada", "/approve", time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), time.Date(2026, 3, 1, 13, 0, 0, 0, time.UTC), "u"}, {Created: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}}, ""},
		"without a date": {`[{"id":1,"body":"/approve"}]`, nil, "without id or date"},
		"without an id":  {`[{"created_at":"2026-03-01T12:00:00Z"}]`, nil, "without id or date"},
		"no list":        {`null`, nil, "no list"},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, tt.body) })
			got, err := c.TicketComments(t.Context(), "acme/shop", 12)
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWriteTicket holds that only what is given is sent, and only an answer about it taken.
func TestWriteTicket(t *testing.T) {
	const answer = `{"number":12,"state":"open","labels":[],"html_url":"u"}`
	for name, tt := range map[string]struct {
		do     func(c *Client) (Ticket, error)
		status int
		answer string
		want   string // method, path and body
		err    string
	}{
		"open": {func(c *Client) (Ticket, error) {
			return c.CreateTicket(t.Context(), "acme/shop", TicketText{Title: "t", Body: "b", Labels: []string{"change"}})
		}, 201, answer, `POST /repos/acme/shop/issues {"body":"b","labels":["change"],"title":"t"}`, ""},
		"update": {func(c *Client) (Ticket, error) {
			return c.EditTicket(t.Context(), "acme/shop", 12, TicketText{Body: "b"})
		}, 200, answer, `PATCH /repos/acme/shop/issues/12 {"body":"b"}`, ""},
		"close": {func(c *Client) (Ticket, error) {
			return c.EditTicket(t.Context(), "acme/shop", 12, TicketText{Labels: []string{}, Close: true})
		}, 200, answer, `PATCH /repos/acme/shop/issues/12 {"labels":[],"state":"closed","state_reason":"completed"}`, ""},
		"another answered": {func(c *Client) (Ticket, error) {
			return c.EditTicket(t.Context(), "acme/shop", 7, TicketText{Body: "b"})
		}, 200, answer, `PATCH /repos/acme/shop/issues/7 {"body":"b"}`, "#12 came"},
		"nothing answered": {func(c *Client) (Ticket, error) {
			return c.CreateTicket(t.Context(), "acme/shop", TicketText{Body: "b"})
		}, 201, `{}`, `POST /repos/acme/shop/issues {"body":"b"}`, "without number"},
		"forbidden": {func(c *Client) (Ticket, error) {
			return c.CreateTicket(t.Context(), "acme/shop", TicketText{Body: "b"})
		}, 403, `{"message":"Resource not accessible"}`, `POST /repos/acme/shop/issues {"body":"b"}`, "lacks the permission issues: write"},
		"no issues there": {func(c *Client) (Ticket, error) {
			return c.CreateTicket(t.Context(), "acme/shop", TicketText{Body: "b"})
		}, 410, `{"message":"Issues are disabled for this repo"}`, `POST /repos/acme/shop/issues {"body":"b"}`, "the repository has no issues"},
		"refused": {func(c *Client) (Ticket, error) {
			return c.EditTicket(t.Context(), "acme/shop", 12, TicketText{Body: "b"})
		}, 422, `{"message":"Validation Failed","errors":[{"message":"body is too long"}]}`, `PATCH /repos/acme/shop/issues/12 {"body":"b"}`, "body is too long"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				var sent map[string]any
				json.NewDecoder(r.Body).Decode(&sent)
				body, _ := json.Marshal(sent)
				got = r.Method + " " + strings.TrimPrefix(r.URL.Path, "/api/v3") + " " + string(body)
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.answer)
			})
			made, err := tt.do(c)
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) || err == nil && made.URL != "u" {
				t.Errorf("%+v, %v", made, err)
			}
			if got != tt.want {
				t.Errorf("sent %s, want %s", got, tt.want)
			}
		})
	}
}
