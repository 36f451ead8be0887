package source

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

func graphite(t *testing.T, serve http.HandlerFunc) *Graphite {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	g, err := NewGraphite(Options{URL: server.URL, Timeout: 5 * time.Second, Bearer: "hunter2"})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// minutes is a question over the first slots of a minute.
func minutes(query string, kind timeseries.Kind, slots int) timeseries.Question {
	q := question(query, kind, slots)
	q.Width = time.Minute
	return q
}

// rendering answers with series whose points begin at from and are apart seconds apart.
func rendering(from, apart int, series ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/metrics/find" {
			io.WriteString(w, `[]`)
			return
		}
		var all []string
		for _, s := range series {
			name, values, _ := strings.Cut(s, "=")
			var points []string
			for i, v := range strings.Fields(values) {
				points = append(points, fmt.Sprintf("[%s,%d]", v, began.Unix()+int64(from+i*apart)))
			}
			all = append(all, fmt.Sprintf(`{"target":%q,"tags":{"name":%q},"datapoints":[%s]}`, name, name, strings.Join(points, ",")))
		}
		io.WriteString(w, "["+strings.Join(all, ",")+"]")
	}
}

func TestGraphiteCounts(t *testing.T) {
	for name, test := range map[string]struct {
		serve http.HandlerFunc
		want  string // growth and samples by slot
	}{
		"points in their slots": {rendering(0, 30, "a=1 2 3 4"), "3/2 7/2"},
		"what was before":       {rendering(-60, 30, "a=9 9 1 2 3 4"), "3/2 7/2"},
		"nothing is not none":   {rendering(0, 30, "a=null null 0 null"), "0/0 0/1"},
		"several are added":     {rendering(0, 30, "a=1 2 3 4", "b=10 null 30 40"), "13/3 77/4"},
		"one that lies across":  {rendering(-15, 30, "a=1 2 3 4"), "3/2 7/2"},
		"as wide as a slot":     {rendering(0, 60, "a=5 6"), "5/1 6/1"},
	} {
		a, problem := graphite(t, test.serve).Ask(t.Context(), minutes("a", timeseries.Counter, 2))
		if problem != nil {
			t.Fatalf("%s: %v", name, problem)
		}
		if got := fmt.Sprintf("%v/%d %v/%d", a.Slots[0].Growth, a.Slots[0].Samples, a.Slots[1].Growth, a.Slots[1].Samples); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestGraphiteGaugeAndHistogram(t *testing.T) {
	a, problem := graphite(t, rendering(0, 30, "g=1 2 3 null")).Ask(t.Context(), minutes("g", timeseries.Gauge, 2))
	if problem != nil || a.Slots[0].Value != 2 || a.Slots[1].Value != 3 || a.Slots[1].Samples != 1 || a.Slots[0].Growth != 0 {
		t.Errorf("%+v, %v", a, problem)
	}
	a, problem = graphite(t, rendering(0, 60, "t.bin_inf=1 0", "t.bin_100=5 6", "t.bin_0_5=2 0")).Ask(t.Context(), minutes("t.bin_*", timeseries.Histogram, 2))
	if problem != nil || fmt.Sprint(a.Bounds, a.Slots[0].Buckets, a.Slots[1].Buckets) != "[0.0005 0.1 +Inf] [2 7 8] [0 6 6]" {
		t.Errorf("%+v, %v", a, problem)
	}
	tagged := func(w http.ResponseWriter, r *http.Request) {
		point := fmt.Sprintf("[[%%d,%d],[0,%d]]", began.Unix(), began.Unix()+60)
		fmt.Fprintf(w, `[{"target":"x","tags":{"le":"0.1"},"datapoints":`+point+`},{"target":"y","tags":{"le":"+Inf"},"datapoints":`+point+`}]`, 3, 4)
	}
	if a, problem = graphite(t, tagged).Ask(t.Context(), minutes("x", timeseries.Histogram, 1)); problem != nil || fmt.Sprint(a.Slots[0].Buckets) != "[3 4]" {
		t.Errorf("%+v, %v", a, problem)
	}
}

func TestGraphiteTroubles(t *testing.T) {
	text := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status); io.WriteString(w, body) }
	}
	for name, test := range map[string]struct {
		serve http.HandlerFunc
		query string
		kind  timeseries.Kind
		want  timeseries.Name
	}{
		"nothing there":    {rendering(0, 30), "a.b", timeseries.Counter, timeseries.Empty},
		"a function of it": {rendering(0, 30), "sumSeries(a.b)", timeseries.Counter, timeseries.Empty},
		"a rate":           {rendering(0, 30, "a=1 2"), "perSecond(a)", timeseries.Counter, timeseries.NotCounter},
		"a filler":         {rendering(0, 30, "a=1 2"), "transformNull(a, 0)", timeseries.Counter, timeseries.NotCounter},
		"a line":           {rendering(0, 30, "a=0 0"), "sumSeries(constantLine(0))", timeseries.Counter, timeseries.NotCounter},
		"negative":         {rendering(0, 30, "a=1 -2"), "a", timeseries.Counter, timeseries.NotCounter},
		"too coarse":       {rendering(0, 300, "a=1 2"), "a", timeseries.Counter, timeseries.BadQuery},
		"one point":        {rendering(0, 30, "a=1"), "a", timeseries.Counter, timeseries.Broken},
		"several gauges":   {rendering(0, 30, "a=1 2", "b=1 2"), "a", timeseries.Gauge, timeseries.Several},
		"no bins":          {rendering(0, 30, "a=1 2"), "a", timeseries.Histogram, timeseries.NoBuckets},
		"no last bin":      {rendering(0, 30, "a.bin_1=1 2", "a.bin_2=1 2"), "a", timeseries.Histogram, timeseries.NoBuckets},
		"a bin twice":      {rendering(0, 30, "a.bin_1=1 2", "b.bin_1=1 2", "a.bin_inf=1 2"), "a", timeseries.Histogram, timeseries.NoBuckets},
		"400":              {text(400, "hunter2 is wrong"), "a", timeseries.Counter, timeseries.BadQuery},
		"500":              {text(500, "Traceback hunter2"), "a", timeseries.Counter, timeseries.Broken},
		"401":              {text(401, ""), "a", timeseries.Counter, timeseries.Denied},
		"html":             {text(200, "<html>"), "a", timeseries.Counter, timeseries.Broken},
		"null":             {text(200, "null"), "a", timeseries.Counter, timeseries.Broken},
		"an object":        {text(200, "{}"), "a", timeseries.Counter, timeseries.Broken},
		"NaN":              {text(200, `[{"target":"a","datapoints":[[NaN,1]]}]`), "a", timeseries.Counter, timeseries.Broken},
		"infinite":         {rendering(0, 30, "a=1e999 2"), "a", timeseries.Counter, timeseries.Infinite},
		"no time":          {text(200, `[{"target":"a","datapoints":[[1,null],[1,2]]}]`), "a", timeseries.Counter, timeseries.Broken},
		"unequal":          {text(200, `[{"target":"a","datapoints":[[1,1],[1,2],[1,4]]}]`), "a", timeseries.Counter, timeseries.Broken},
		"more text":        {text(200, `[] []`), "a", timeseries.Counter, timeseries.Broken},
	} {
		g := graphite(t, test.serve)
		a, problem := g.Ask(t.Context(), minutes(test.query, test.kind, 2))
		if problem == nil || problem.Name != test.want {
			t.Errorf("%s: %+v, %v; want %s", name, a, problem, test.want)
		} else if strings.Contains(problem.Error(), "hunter2") {
			t.Errorf("%s tells a secret: %v", name, problem)
		}
	}
}

// What has not come yet is known by its last node under another version.
func TestGraphiteExplained(t *testing.T) {
	asked := ""
	g := graphite(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/render" {
			io.WriteString(w, `[]`)
			return
		}
		if asked = r.FormValue("query"); asked == "shop.*.errors" {
			io.WriteString(w, `[{"id":"shop.1_4_2.errors"}]`)
			return
		}
		io.WriteString(w, `[]`)
	})
	written := func(filled, template string) timeseries.Question {
		q := minutes(filled, timeseries.Counter, 2)
		q.Template = template
		return q
	}
	if a, problem := g.Ask(t.Context(), written("shop.1_5_0.errors", "shop.$version.errors")); problem != nil || a.Series != 0 || a.Slots[0].Samples != 0 {
		t.Errorf("%+v, %v", a, problem)
	}
	for filled, template := range map[string]string{
		"shop.1_5_0.erors": "shop.$version.erors", "shpo.1_5_0.errors": "shpo.$version.errors", "shop.1_5_1.errors": "shop.1_5_1.errors", "a.b": "$environment.$version", "shop.errors": "",
	} {
		if _, problem := g.Ask(t.Context(), written(filled, template)); problem == nil || problem.Name != timeseries.Empty {
			t.Errorf("%s: %v after %s", template, problem, asked)
		}
	}
}

func TestFillGraphite(t *testing.T) {
	variables := map[string]string{"version": "1.5.0", "environment": "prod'); drop(", "step": ""}
	g := &Graphite{}
	for target, want := range map[string]string{
		"stats_counts.shop.$version.errors":                "stats_counts.shop.1_5_0.errors",
		"sumSeries(shop.v${version}.*)":                    "sumSeries(shop.v1_5_0.*)",
		"seriesByTag('name=errors','version=$version')":    "seriesByTag('name=errors','version=1.5.0')",
		`seriesByTag("name=errors","version=~^$version$")`: `seriesByTag("name=errors","version=~^1\.5\.0$")`,
		"shop.$environment.errors":                         "shop.prod____drop_.errors",
	} {
		if got, problem := g.Fill(target, variables); problem != nil || got != want {
			t.Errorf("%s: %s, %v", target, got, problem)
		}
	}
	for target, want := range map[string]timeseries.Name{"a.$nothing": timeseries.BadQuery, "a.$step": timeseries.Unset, "seriesByTag('e=$environment')": timeseries.BadQuery, "seriesByTag('e": timeseries.BadQuery} {
		if got, problem := g.Fill(target, variables); problem == nil || problem.Name != want {
			t.Errorf("%s: %s, %v", target, got, problem)
		}
	}
}

func FuzzFillGraphite(f *testing.F) {
	for _, v := range []string{"1.5.0", "a'b", "{a,b}", "*", "a)", "a\nb", "é"} {
		f.Add(v)
	}
	node := regexp.MustCompile(`^a\.[A-Za-z0-9_-]+\.b$`)
	f.Fuzz(func(t *testing.T, value string) {
		if got, problem := (&Graphite{}).Fill("a.$version.b", map[string]string{"version": value}); problem == nil && !node.MatchString(got) {
			t.Errorf("%q breaks out: %s", value, got)
		}
		if got, problem := (&Graphite{}).Fill("f('v=$version')", map[string]string{"version": value}); problem == nil && strings.Count(got, "'") != 2 {
			t.Errorf("%q breaks out: %s", value, got)
		}
	})
}
