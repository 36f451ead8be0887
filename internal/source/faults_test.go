package source

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	_ "github.com/Shopify/toxiproxy/v2/toxics"
	"github.com/rs/zerolog"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// between puts a proxy that misbehaves between a client and a source.
func between(t *testing.T, p *prom, toxics ...string) string {
	t.Helper()
	server := httptest.NewServer(p)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	quiet := zerolog.Nop()
	proxy := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), quiet), "source", "127.0.0.1:0", strings.TrimPrefix(server.URL, "http://"))
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	for _, toxic := range toxics {
		if _, err := proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
			t.Fatal(err)
		}
	}
	return "http://" + proxy.Listen
}

// Whatever the way to a source does, a question ends within its time: with the numbers as they are, or with
// the name of the trouble.
func TestFaultsOnTheWay(t *testing.T) {
	counted := func() *prom {
		p := &prom{}
		for range 200 { // an answer of some length, so that half of it is something
			p.series = append(p.series, counting("x", 0, time.Second, slices.Repeat([]float64{1, 2, 3, 4}, 15)...))
			p.series[len(p.series)-1].labels["a"] = strings.Repeat("a", len(p.series))
		}
		return p
	}
	const patience = 1500 * time.Millisecond
	for name, test := range map[string]struct {
		toxics []string
		want   []timeseries.Name // nothing: the numbers
	}{
		"none":                      {nil, nil},
		"a short delay":             {[]string{`{"type":"latency","attributes":{"latency":50}}`}, nil},
		"a long delay":              {[]string{`{"type":"latency","attributes":{"latency":20000}}`}, []timeseries.Name{timeseries.Unreachable}},
		"a blackhole":               {[]string{`{"type":"timeout","attributes":{"timeout":0}}`}, []timeseries.Name{timeseries.Unreachable}},
		"a blackhole for questions": {[]string{`{"type":"timeout","stream":"upstream","attributes":{"timeout":0}}`}, []timeseries.Name{timeseries.Unreachable}},
		"hung up after a while":     {[]string{`{"type":"timeout","attributes":{"timeout":100}}`}, []timeseries.Name{timeseries.Unreachable}},
		"a reset":                   {[]string{`{"type":"reset_peer","attributes":{"timeout":0}}`}, []timeseries.Name{timeseries.Unreachable, timeseries.Broken}},
		"a reset in the midst":      {[]string{`{"type":"bandwidth","attributes":{"rate":20}}`, `{"type":"reset_peer","attributes":{"timeout":300}}`}, []timeseries.Name{timeseries.Unreachable, timeseries.Broken}},
		"the beginning of a header": {[]string{`{"type":"limit_data","attributes":{"bytes":10}}`}, []timeseries.Name{timeseries.Unreachable}},
		"half an answer":            {[]string{`{"type":"limit_data","attributes":{"bytes":20000}}`}, []timeseries.Name{timeseries.Broken}},
		"a trickle":                 {[]string{`{"type":"bandwidth","attributes":{"rate":1}}`}, []timeseries.Name{timeseries.Unreachable}},
		"in slices":                 {[]string{`{"type":"slicer","attributes":{"average_size":500,"size_variation":100,"delay":10}}`}, nil},
		"closed late":               {[]string{`{"type":"slow_close","attributes":{"delay":5000}}`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := counted()
			client := at(t, between(t, p, test.toxics...), func(o *Options) { o.Timeout = patience })
			client.sleep = func(ctx context.Context, d time.Duration) error { return pause(ctx, d/10) }
			q := question("x", timeseries.Counter, 1)
			began := time.Now()
			a, problem := client.Ask(t.Context(), q)
			if took := time.Since(began); took > 10*patience {
				t.Errorf("it took %s", took)
			}
			if test.want == nil {
				whole, trouble := at(t, between(t, p), func(*Options) {}).Ask(t.Context(), q)
				if problem != nil || trouble != nil || a.Slots[0].Growth != whole.Slots[0].Growth || a.Series != 200 {
					t.Errorf("%v, %v", problem, trouble)
				}
				return
			}
			if problem == nil || !slices.Contains(test.want, problem.Name) || len(a.Slots) > 0 || problem.Next == "" {
				t.Errorf("%+v, %v; want %v", a.Series, problem, test.want)
			}
		})
	}
}
