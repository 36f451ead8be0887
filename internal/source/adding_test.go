package source

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// prom is a Prometheus that holds a few series, and answers what is asked of it here.
type prom struct {
	series []series
	open   bool // ranges are open to the left, as in 3.x
	now    time.Time
	date   time.Time
	before func(w http.ResponseWriter, r *http.Request) bool // answers instead, where it is true
}

func (p *prom) start(t *testing.T) *Prometheus {
	t.Helper()
	server := httptest.NewServer(p)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return at(t, server.URL, func(*Options) {})
}

func at(t *testing.T, url string, change func(*Options)) *Prometheus {
	t.Helper()
	o := Options{URL: url, Timeout: 5 * time.Second, Now: time.Now}
	change(&o)
	client, err := NewPrometheus(o)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

var (
	rangeQuery = regexp.MustCompile(`^(\{.*\})\[(\d+)ms\]$`)
	lastQuery  = regexp.MustCompile(`^last_over_time\((\{.*\})\[(\d+)ms\]\)$`)
	countQuery = regexp.MustCompile(`^count\(last_over_time\((\{.*\})\[1h\]\)\)$`)
)

func (p *prom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.before != nil && p.before(w, r) {
		return
	}
	query := r.FormValue("query")
	seconds, _ := strconv.ParseFloat(r.FormValue("time"), 64)
	end := time.UnixMilli(int64(seconds*1000 + 0.5))
	var found []map[string]any
	switch {
	case strings.HasSuffix(r.URL.Path, "/query_range"):
		from, _ := strconv.ParseFloat(r.FormValue("start"), 64)
		to, _ := strconv.ParseFloat(r.FormValue("end"), 64)
		step, _ := strconv.ParseFloat(r.FormValue("step"), 64)
		for _, s := range p.series {
			if s.labels["__name__"] != strings.Trim(query, "{}") {
				continue
			}
			var values [][2]any
			for at := from; at <= to; at += step {
				if v, ok := newest(s, time.UnixMilli(int64(at*1000)), 5*time.Minute); ok {
					values = append(values, [2]any{at, v})
				}
			}
			if values != nil {
				found = append(found, map[string]any{"metric": s.labels, "values": values})
			}
		}
	case rangeQuery.MatchString(query):
		m := rangeQuery.FindStringSubmatch(query)
		ms, _ := strconv.Atoi(m[2])
		for _, s := range p.matching(m[1]) {
			var values [][2]any
			for _, v := range s.samples {
				from := end.Add(-time.Duration(ms) * time.Millisecond)
				if !v.at.After(end) && (v.at.After(from) || !p.open && v.at.Equal(from)) {
					values = append(values, [2]any{float64(v.at.UnixMilli()) / 1000, number(v.value)})
				}
			}
			if values != nil {
				found = append(found, map[string]any{"metric": s.labels, "values": values})
			}
		}
	case lastQuery.MatchString(query):
		m := lastQuery.FindStringSubmatch(query)
		ms, _ := strconv.Atoi(m[2])
		for _, s := range p.matching(m[1]) {
			if v, ok := newest(s, end, time.Duration(ms)*time.Millisecond); ok {
				found = append(found, map[string]any{"metric": s.labels, "value": [2]any{seconds, v}})
			}
		}
	case countQuery.MatchString(query):
		n := 0
		for _, s := range p.matching(countQuery.FindStringSubmatch(query)[1]) {
			if _, ok := newest(s, end, time.Hour); ok {
				n++
			}
		}
		if n > 0 {
			found = append(found, map[string]any{"metric": map[string]string{}, "value": [2]any{seconds, strconv.Itoa(n)}})
		}
	default:
		w.WriteHeader(400)
		io.WriteString(w, `{"status":"error","errorType":"bad_data","error":"parse error: what is `+"`x`"+`"}`)
		return
	}
	if found == nil {
		found = []map[string]any{}
	}
	json.NewEncoder(w).Encode(map[string]any{"status": "success", "data": map[string]any{"resultType": "matrix", "result": found}})
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func newest(s series, end time.Time, window time.Duration) (string, bool) {
	for _, v := range slices.Backward(s.samples) {
		if !v.at.After(end) && v.at.After(end.Add(-window)) {
			return number(v.value), true
		}
	}
	return "", false
}

func (p *prom) matching(text string) (found []series) {
	s, err := parseSelector(text)
	if err != nil {
		return nil
	}
	for _, one := range p.series {
		fits := one.labels["__name__"] == s.name
		for _, m := range s.matchers {
			matched := regexp.MustCompile("^(?:" + m.value + ")$").MatchString(one.labels[m.label])
			fits = fits && map[string]bool{"=": one.labels[m.label] == m.value, "!=": one.labels[m.label] != m.value, "=~": matched, "!~": !matched}[m.operator]
		}
		if fits {
			found = append(found, one)
		}
	}
	return found
}

// counting is a series of name{a="…"} whose samples are s apart, beginning at from; NaN leaves one out.
func counting(name string, from time.Duration, apart time.Duration, values ...float64) series {
	s := series{labels: map[string]string{"__name__": name, "a": fmt.Sprint(len(values), from)}}
	for i, v := range values {
		if !math.IsNaN(v) {
			s.samples = append(s.samples, sample{epoch.Add(from + time.Duration(i)*apart), v})
		}
	}
	return s
}

func question(query string, kind timeseries.Kind, slots int) timeseries.Question {
	return timeseries.Question{Query: query, Kind: kind, Since: epoch, Window: timeseries.Window{From: epoch, Width: time.Minute, Slots: slots}}
}

func TestCounters(t *testing.T) {
	gone := math.NaN()
	for name, test := range map[string]struct {
		series  []series
		growth  []float64
		samples []int
		resets  int
	}{
		"it grows":                         {[]series{counting("x", 0, 30*time.Second, 10, 12, 15, 15, 20)}, []float64{5, 5}, []int{2, 2}, 0},
		"it begins anew":                   {[]series{counting("x", 0, 30*time.Second, 10, 12, 3, 5, 6)}, []float64{5, 3}, []int{2, 2}, 1},
		"the first error makes the series": {[]series{counting("x", 90*time.Second, 30*time.Second, 2, 3)}, []float64{0, 3}, []int{0, 2}, 0},
		"it was there long before":         {[]series{counting("x", -30*time.Minute, 31*time.Minute, 100, 107)}, []float64{7, 0}, []int{1, 0}, 0},
		"it was there and began anew":      {[]series{counting("x", -30*time.Minute, 31*time.Minute, 100, 7)}, []float64{7, 0}, []int{1, 0}, 1},
		"a gap":                            {[]series{counting("x", 0, 30*time.Second, 10, gone, gone, 16, 17)}, []float64{0, 7}, []int{0, 2}, 0},
		"several are added":                {[]series{counting("x", 0, 30*time.Second, 10, 12, 15), counting("x", -10*time.Second, time.Minute, 1, 2, 4)}, []float64{6, 2}, []int{3, 1}, 0},
		"it does not grow":                 {[]series{counting("x", 0, 30*time.Second, 10, 10, 10, 10, 10)}, []float64{0, 0}, []int{2, 2}, 0},
	} {
		for _, open := range []bool{false, true} {
			p := &prom{series: test.series, open: open}
			a, problem := p.start(t).Ask(t.Context(), question("x", timeseries.Counter, 2))
			if problem != nil {
				t.Fatalf("%s: %v", name, problem)
			}
			resets := 0
			for k, s := range a.Slots {
				if resets += s.Resets; s.Growth != test.growth[k] || s.Samples != test.samples[k] {
					t.Errorf("%s: slot %d is %+v, want %v of %d", name, k, s, test.growth[k], test.samples[k])
				}
			}
			if resets != test.resets {
				t.Errorf("%s: %d resets", name, resets)
			}
		}
	}
}

// However a window is cut into questions, its slots are the same.
func TestCutsDoNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for n := range 60 {
		p := &prom{open: n%2 == 0, series: []series{counting("x", -time.Hour, 50*time.Minute, 1, 2, 3, 4)}} // one that is always known
		for s := range 1 + random.IntN(6) {
			one := series{labels: map[string]string{"__name__": "x", "a": fmt.Sprint(s)}}
			value, from := float64(random.IntN(100)), time.Duration(random.IntN(150)-70)*time.Minute
			for at := from; at < 2*time.Hour; at += time.Duration(10+random.IntN(20)) * time.Second {
				switch random.IntN(60) {
				case 0:
					value = 0 // it begins anew
				case 1:
					at += time.Duration(random.IntN(20)) * time.Minute // nobody looks for a while
				}
				value += float64(random.IntN(3))
				one.samples = append(one.samples, sample{epoch.Add(at), value})
			}
			p.series = append(p.series, one)
		}
		client := p.start(t)
		whole, problem := client.Ask(t.Context(), question("x", timeseries.Counter, 100))
		if problem != nil {
			t.Fatal(problem)
		}
		var pieces []timeseries.Slot
		for len(pieces) < 100 {
			q := question("x", timeseries.Counter, min(1+random.IntN(40), 100-len(pieces)))
			q.From = epoch.Add(time.Duration(len(pieces)) * time.Minute)
			a, problem := client.Ask(t.Context(), q)
			if problem != nil {
				t.Fatal(problem)
			}
			pieces = append(pieces, a.Slots...)
		}
		if fmt.Sprint(pieces) != fmt.Sprint(whole.Slots) {
			for k := range pieces {
				if fmt.Sprint(pieces[k]) != fmt.Sprint(whole.Slots[k]) {
					t.Errorf("%d: slot %d is %+v in pieces, %+v as a whole", n, k, pieces[k], whole.Slots[k])
				}
			}
		}
	}
}

func TestHistogram(t *testing.T) {
	bucket := func(instance, le string, values ...float64) series {
		s := counting("h_bucket", 0, 30*time.Second, values...)
		s.labels = map[string]string{"__name__": "h_bucket", "i": instance, "le": le}
		return s
	}
	p := &prom{series: []series{bucket("1", "0.1", 0, 1, 3), bucket("1", "1", 0, 2, 5), bucket("1", "+Inf", 0, 2, 6), bucket("2", "0.1", 5, 6, 7), bucket("2", "1", 5, 6, 7), bucket("2", "+Inf", 5, 6, 7)}}
	a, problem := p.start(t).Ask(t.Context(), question("h_bucket", timeseries.Histogram, 1))
	if problem != nil || fmt.Sprint(a.Bounds, a.Slots[0].Buckets) != "[0.1 1 +Inf] [5 7 8]" {
		t.Errorf("%v %v, %v", a.Bounds, a.Slots, problem)
	}
	for name, series := range map[string][]series{
		"no le":             {counting("h_bucket", 0, time.Minute, 1, 2)},
		"no +Inf":           {bucket("1", "0.1", 1, 2), bucket("1", "1", 1, 2)},
		"+Inf alone":        {bucket("1", "+Inf", 1, 2)},
		"different buckets": {bucket("1", "0.1", 1, 2), bucket("1", "+Inf", 1, 2), bucket("2", "0.2", 1, 2), bucket("2", "+Inf", 1, 2)},
		"no number":         {bucket("1", "fast", 1, 2), bucket("1", "+Inf", 1, 2)},
	} {
		if _, problem := (&prom{series: series}).start(t).Ask(t.Context(), question("h_bucket", timeseries.Histogram, 1)); problem == nil || problem.Name != timeseries.NoBuckets || problem.Next == "" {
			t.Errorf("%s: %v", name, problem)
		}
	}
}

func TestGauge(t *testing.T) {
	p := &prom{series: []series{counting("g", 0, 30*time.Second, 1, 2, 3, 4, 5)}}
	a, problem := p.start(t).Ask(t.Context(), question("g", timeseries.Gauge, 3))
	if problem != nil || a.Slots[0].Value != 3 || a.Slots[1].Value != 5 || a.Slots[2].Value != 5 || a.Series != 1 {
		t.Errorf("%+v, %v", a, problem)
	}
	p.series = append(p.series, counting("g", time.Second, time.Minute, 7, 8))
	if _, problem := p.start(t).Ask(t.Context(), question("g", timeseries.Gauge, 3)); problem == nil || problem.Name != timeseries.Several {
		t.Error(problem)
	}
}

// What has not counted yet is told from what is misspelt.
func TestExplained(t *testing.T) {
	p := &prom{series: []series{counting("x", 0, 30*time.Second, 1, 2, 3)}}
	for query, want := range map[string]timeseries.Name{`y`: timeseries.Empty, `x{b="1"}`: timeseries.Misspelt, `x{a="nobody"}`: "", `x{a!="` + p.series[0].labels["a"] + `"}`: "", `x{b!="1",a="nobody"}`: ""} {
		a, problem := p.start(t).Ask(t.Context(), question(query, timeseries.Counter, 2))
		if want == "" && (problem != nil || a.Series != 0 || len(a.Slots) != 2 || a.Slots[0].Samples != 0) || want != "" && (problem == nil || problem.Name != want) {
			t.Errorf("%s: %+v, %v; want %q", query, a, problem, want)
		}
	}
}
