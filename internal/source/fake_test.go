package source

import (
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// began is when the time of these tests begins.
var began = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func at(seconds float64) time.Time { return began.Add(time.Duration(seconds * float64(time.Second))) }

// prom is a small Prometheus: it holds series and answers the few questions that are asked of one.
type prom struct {
	held     []series
	leftOpen bool // a range leaves its beginning out, as from Prometheus 3 on
	asked    []string
}

func (f *prom) hold(name string, labels map[string]string, samples ...sample) {
	all := map[string]string{"__name__": name}
	maps.Copy(all, labels)
	f.held = append(f.held, series{all, samples})
}

// serve starts it, and gives a source that asks it, at the time of the tests.
func (f *prom) serve(t testing.TB) *Prometheus {
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return asking(t, Options{URL: server.URL})
}

func asking(t testing.TB, o Options) *Prometheus {
	t.Helper()
	p, err := NewPrometheus(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.http.CloseIdleConnections)
	return p
}

var (
	rawForm   = regexp.MustCompile(`^(\{.*\})\[(\d+)ms\]$`)
	lastForm  = regexp.MustCompile(`^last_over_time\((\{.*\})\[(\d+)ms\]\)$`)
	countForm = regexp.MustCompile(`^count\(last_over_time\((\{.*\})\[1h\]\)\)$`)
)

func (f *prom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query, result := r.FormValue("query"), []any{}
	f.asked = append(f.asked, query)
	one := func(s series, withName bool, field string, value any) {
		labels := maps.Clone(s.labels)
		if !withName {
			delete(labels, "__name__")
		}
		result = append(result, map[string]any{"metric": labels, field: value})
	}
	if r.URL.Path == "/api/v1/query_range" {
		f.steps(r, one)
	} else if m := rawForm.FindStringSubmatch(query); m != nil {
		for _, s := range f.within(m[1], m[2], r.FormValue("time")) {
			one(s, true, "values", points(s.samples))
		}
	} else if m := lastForm.FindStringSubmatch(query); m != nil {
		for _, s := range f.within(m[1], m[2], r.FormValue("time")) {
			one(s, true, "value", points(s.samples[len(s.samples)-1:])[0])
		}
	} else if m := countForm.FindStringSubmatch(query); m != nil {
		if n := len(f.within(m[1], "3600000", r.FormValue("time"))); n > 0 {
			one(series{labels: map[string]string{}}, false, "value", []any{0, strconv.Itoa(n)})
		}
	} else {
		w.WriteHeader(http.StatusBadRequest)
		w.Write([]byte(`{"status":"error","errorType":"bad_data","error":"1:1: parse error: not known here"}`))
		return
	}
	json.NewEncoder(w).Encode(map[string]any{"status": "success", "data": map[string]any{"resultType": "any", "result": result}})
}

// within is what a selector finds in a range, only the samples that lie in it.
func (f *prom) within(selects, milliseconds, end string) (found []series) {
	s, err := parseSelector(selects)
	if err != nil {
		panic(err)
	}
	seconds, _ := strconv.ParseFloat(end, 64)
	to := time.UnixMilli(int64(math.Round(seconds * 1000)))
	length, _ := strconv.ParseInt(milliseconds, 10, 64)
	from := to.Add(-time.Duration(length) * time.Millisecond)
	for _, held := range f.held {
		if !matches(s, held.labels) {
			continue
		}
		var inside []sample
		for _, v := range held.samples {
			if v.at.After(from) && !v.at.After(to) || v.at.Equal(from) && !f.leftOpen {
				inside = append(inside, v)
			}
		}
		if len(inside) > 0 {
			found = append(found, series{held.labels, inside})
		}
	}
	return found
}

// steps answers a query over a range, for a plain selector.
func (f *prom) steps(r *http.Request, one func(series, bool, string, any)) {
	number := func(name string) float64 { v, _ := strconv.ParseFloat(r.FormValue(name), 64); return v }
	found := map[int][]sample{}
	s, _ := parseSelector(r.FormValue("query"))
	for end := number("start"); end <= number("end")+1e-6; end += number("step") {
		to := time.UnixMilli(int64(math.Round(end * 1000)))
		for i, held := range f.held {
			for k := len(held.samples) - 1; k >= 0 && matches(s, held.labels); k-- {
				if v := held.samples[k]; !v.at.After(to) && to.Sub(v.at) < lookback {
					found[i] = append(found[i], sample{to, v.value})
					break
				}
			}
		}
	}
	for i, held := range f.held {
		if len(found[i]) > 0 {
			one(held, true, "values", points(found[i]))
		}
	}
}

func matches(s selector, labels map[string]string) bool {
	for _, m := range append([]matcher{{"__name__", "=", s.name}}, s.matchers...) {
		equal := labels[m.label] == m.value
		if strings.HasSuffix(m.operator, "~") {
			equal = regexp.MustCompile("^(?:" + m.value + ")$").MatchString(labels[m.label])
		}
		if equal == strings.HasPrefix(m.operator, "!") {
			return false
		}
	}
	return true
}

func points(samples []sample) (out [][]any) {
	for _, v := range samples {
		out = append(out, []any{json.Number(unix(v.at)), strconv.FormatFloat(v.value, 'f', -1, 64)})
	}
	return out
}

// values are samples each so many seconds after the beginning.
func values(first, every float64, all ...float64) (out []sample) {
	for i, v := range all {
		out = append(out, sample{at(first + float64(i)*every), v})
	}
	return out
}
