package source

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// BenchmarkDay asks for a day of counters of 50 series with a sample each 15 seconds.
func BenchmarkDay(b *testing.B) {
	for _, metrics := range []int{1, 20} {
		b.Run(fmt.Sprintf("metrics=%d", metrics), func(b *testing.B) {
			server := httptest.NewServer(http.HandlerFunc(day))
			defer server.Close()
			p := asking(b, Options{URL: server.URL})
			var most uint64
			b.ReportAllocs()
			for b.Loop() {
				stop, watched := make(chan struct{}), make(chan uint64)
				go func() { watched <- highest(stop) }()
				var all sync.WaitGroup
				for range metrics {
					all.Go(func() {
						q := question("a_total", timeseries.Counter, 24*60)
						q.Width = time.Minute
						if a, trouble := p.Ask(b.Context(), q); trouble != nil || a.Series != 50 {
							b.Error(a.Series, trouble)
						}
					})
				}
				all.Wait()
				close(stop)
				most = max(most, <-watched)
			}
			b.ReportMetric(float64(most)/(1<<20), "MB-heap")
		})
	}
}

// highest is the most that the heap holds until it is stopped.
func highest(stop chan struct{}) (most uint64) {
	for {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapInuse)
		select {
		case <-stop:
			return most
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// day answers for the range that is asked for, and writes as it goes.
func day(w http.ResponseWriter, r *http.Request) {
	m := rawForm.FindStringSubmatch(r.FormValue("query"))
	if m == nil {
		io.WriteString(w, `{"status":"success","data":{"result":[]}}`)
		return
	}
	var end float64
	var length int64
	fmt.Sscan(r.FormValue("time"), &end)
	fmt.Sscan(m[2], &length)
	last := int64(end)
	io.WriteString(w, `{"status":"success","data":{"result":[`)
	for n := range 50 {
		comma := ""
		fmt.Fprintf(w, `%s{"metric":{"__name__":"a_total","pod":"%d"},"values":[`, map[bool]string{true: ","}[n > 0], n)
		for at := last - length/1000 + 1; at <= last; at++ {
			if at%15 == 0 {
				fmt.Fprintf(w, `%s[%d,"%d"]`, comma, at, at-began.Unix()+1000)
				comma = ","
			}
		}
		io.WriteString(w, "]}")
	}
	io.WriteString(w, "]}}")
}
