package source

import (
	"context"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// A network that slows, cuts or swallows answers gives a named problem in time, and never numbers.
func TestBadNetworks(t *testing.T) {
	f := &prom{}
	f.hold("a", map[string]string{"long": strings.Repeat("x", 20_000)}, values(-5, 10, 1, 2, 4)...)
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	for name, c := range map[string]struct {
		toxic string
		want  timeseries.Name
	}{
		"latency":    {`{"type":"latency","attributes":{"latency":60000}}`, timeseries.Unreachable},
		"reset_peer": {`{"type":"reset_peer","attributes":{"timeout":0}}`, timeseries.Unreachable},
		"blackhole":  {`{"type":"timeout","attributes":{"timeout":0}}`, timeseries.Unreachable},
		"hangs up":   {`{"type":"timeout","attributes":{"timeout":10}}`, timeseries.Unreachable},
		"limit_data": {`{"type":"limit_data","attributes":{"bytes":3000}}`, timeseries.Broken},
		"bandwidth":  {`{"type":"bandwidth","attributes":{"rate":1}}`, timeseries.Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			p := through(t, server, c.toxic)
			begin := time.Now()
			a, trouble := p.Ask(t.Context(), question("a", timeseries.Counter, 2))
			if trouble == nil || trouble.Name != c.want || a.Slots != nil {
				t.Errorf("%v, %v, want %s", a, trouble, c.want)
			}
			if took := time.Since(begin); took > 20*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
	t.Run("slow_close", func(t *testing.T) { // the answer is whole, whenever the connection ends
		p := through(t, server, `{"type":"slow_close","attributes":{"delay":60000}}`)
		if a, trouble := p.Ask(t.Context(), question("a", timeseries.Counter, 2)); trouble != nil || a.Slots[1].Growth != 2 {
			t.Errorf("%v, %v", a, trouble)
		}
	})
}

// through is a source whose server is reached over a proxy with a toxic on what comes back.
func through(t *testing.T, server *httptest.Server, toxic string) *Prometheus {
	t.Helper()
	quiet := zerolog.New(io.Discard)
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), quiet)
	proxy := toxiproxy.NewProxy(api, "prom", "127.0.0.1:0", strings.TrimPrefix(server.URL, "http://"))
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	if _, err := proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
		t.Fatal(err)
	}
	p := asking(t, Options{URL: "http://" + proxy.Listen, Timeout: time.Second})
	p.sleep = func(context.Context, time.Duration) error { return nil }
	return p
}
