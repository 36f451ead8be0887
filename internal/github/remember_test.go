package github

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestRemember asks for the same again: what has not changed is not sent again, and is what it was.
func TestRemember(t *testing.T) {
	total, sent, unchanged := 1, 0, 0
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		tag := fmt.Sprintf(`"%d"`, total)
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			unchanged++
			w.WriteHeader(http.StatusNotModified)
			return
		}
		sent++
		io.WriteString(w, runsPage(total, 1, total))
	})
	for _, want := range []int{1, 1, 2, 2} {
		total = want
		runs, err := c.CheckRuns(t.Context(), "acme/shop", sha)
		if err != nil || len(runs) != want {
			t.Fatal(runs, err)
		}
	}
	if sent != 2 || unchanged != 2 || c.Requests() != 4 {
		t.Errorf("%d sent, %d unchanged, %d requests", sent, unchanged, c.Requests())
	}
}

// TestRememberPages keeps the links of pages as well.
func TestRememberPages(t *testing.T) {
	unchanged := 0
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		page := int(r.URL.Query().Get("page")[0] - '0')
		w.Header().Set("ETag", `"x"`)
		if r.Header.Get("If-None-Match") == `"x"` {
			unchanged++
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if page < 3 {
			next(w, r, fmt.Sprint("page=", page+1))
		}
		io.WriteString(w, runsPage(300, page*100, 100))
	})
	for range 2 {
		if runs, err := c.CheckRuns(t.Context(), "acme/shop", sha); err != nil || len(runs) != 300 {
			t.Fatal(len(runs), err)
		}
	}
	if unchanged != 3 {
		t.Errorf("%d pages were unchanged", unchanged)
	}
}

// TestRememberNothingElse keeps no answer that is none, and believes no 304 that was not asked for.
func TestRememberNothingElse(t *testing.T) {
	for name, status := range map[string]int{"an error": 500, "a refusal": 403, "unchanged, but since when": 304} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				if asked++; r.Header.Get("If-None-Match") != "" {
					t.Error("it was kept")
				}
				w.Header().Set("ETag", `"x"`)
				w.WriteHeader(status)
			})
			for range 2 {
				if _, err := c.CheckRuns(t.Context(), "acme/shop", sha); err == nil {
					t.Error("it is an answer")
				}
			}
			if asked < 2 {
				t.Error("it was asked only once")
			}
		})
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m := &memory{answers: map[string]remembered{}}
	for i := range 200 {
		m.keep(fmt.Sprint(i), remembered{tag: "x", body: []byte("x")})
	}
	if len(m.answers) != rememberedLimit || len(m.order) != rememberedLimit || m.size != rememberedLimit {
		t.Errorf("%d answers, %d in order, %d bytes", len(m.answers), len(m.order), m.size)
	}
	if _, ok := m.recall("199"); !ok {
		t.Error("the newest is gone")
	}
	large := remembered{tag: "x", body: []byte(strings.Repeat("x", bodyLimit))}
	for i := range 10 {
		m.keep(fmt.Sprint("large ", i%5), large)
	}
	if m.size > memoryLimit || m.size < 2*bodyLimit {
		t.Errorf("%d bytes are kept", m.size)
	}
}

func TestHear(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	header := func(limit, remaining, reset string, date time.Time) http.Header {
		return http.Header{"X-Ratelimit-Limit": {limit}, "X-Ratelimit-Remaining": {remaining}, "X-Ratelimit-Reset": {reset}, "Date": {date.UTC().Format(http.TimeFormat)}}
	}
	for name, tt := range map[string]struct {
		header     http.Header
		known, low bool
		skew       time.Duration
	}{
		"plenty":                {header("5000", "4000", "1800000060", now), true, false, 0},
		"a tenth":               {header("5000", "500", "1800000060", now), true, false, 0},
		"less":                  {header("5000", "499", "1800000060", now), true, true, 0},
		"fifty of a few":        {header("60", "49", "1800000060", now), true, true, 0},
		"nonsense":              {header("many", "1", "1800000060", now), false, false, 0},
		"less than nothing":     {header("60", "-1", "1800000060", now), false, false, 0},
		"nothing":               {http.Header{}, false, false, 0},
		"its clock is behind":   {header("60", "60", "1", now.Add(-time.Hour)), true, false, time.Hour},
		"its clock is ahead":    {header("60", "60", "1", now.Add(time.Hour)), true, false, -time.Hour},
		"a date that is not":    {http.Header{"Date": {"today"}}, false, false, 0},
		"no end that is a time": {header("60", "1", "0", now), false, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var h heard
			h.hear(tt.header, now)
			if h.budget.Known != tt.known || h.budget.Low() != tt.low || h.skew != tt.skew {
				t.Errorf("%+v, low %t, skew %s", h.budget, h.budget.Low(), h.skew)
			}
		})
	}
}
