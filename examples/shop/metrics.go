package main

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// meter counts and times what is answered. Each series says which version it is of: a canary and what
// ran before stand side by side, and can only be compared if they can be told apart.
type meter struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	depth    prometheus.Gauge
}

func newMeter(registry prometheus.Registerer, version string) meter {
	of := prometheus.Labels{"version": version}
	m := meter{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_requests_total", Help: "Requests that were answered, by path and status.", ConstLabels: of,
		}, []string{"path", "code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Help: "How long the answer took, by path.", ConstLabels: of,
			// Close together where customers begin to mind.
			Buckets: []float64{.005, .01, .025, .05, .1, .2, .3, .5, .8, 1, 2, 5},
		}, []string{"path"}),
		depth: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "queue_depth", Help: "Requests that wait for their answer.", ConstLabels: of,
		}),
	}
	registry.MustRegister(m.requests, m.duration, m.depth)
	return m
}

// measure counts what next answers. The path is that of the pattern, not of the request: whoever asks for
// a million paths must not make a million series.
func (m meter) measure(next *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.depth.Inc()
		defer m.depth.Dec()
		began, status := time.Now(), &statusWriter{w, http.StatusOK}
		next.ServeHTTP(status, r)
		_, path, _ := strings.Cut(r.Pattern, " ")
		if path == "" {
			path = "other"
		}
		m.duration.WithLabelValues(path).Observe(time.Since(began).Seconds())
		m.requests.WithLabelValues(path, strconv.Itoa(status.code)).Inc()
	})
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	code int
}

func (w *statusWriter) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}
