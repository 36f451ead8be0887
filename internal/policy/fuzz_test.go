package policy_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
)

// Any file is refused with a place in it, or read; what was read is read the same again.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/bad/*.yml")
	if err != nil || len(files) == 0 {
		f.Fatalf("%d seeds (%v)", len(files), err)
	}
	for _, file := range append(files, "testdata/contract.yml") {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("version: 1\ngate:\n  criteria:\n   !0 #0")) // which the YAML library panicked at
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := policy.Parse("slipway.yml", text)
		if err != nil {
			var at *policy.Error
			if !errors.As(err, &at) || at.Message == "" || strings.Contains(at.Message, "gives up") {
				t.Fatalf("%q is refused with %T %q", text, err, err)
			}
			if lines := strings.Count(strings.ReplaceAll(string(text), "\r", "\n"), "\n") + 1; at.Line < 0 || at.Line > lines || at.Column < 0 || !reflect.DeepEqual(p, policy.Policy{}) {
				t.Fatalf("%q is refused at %d:%d of %d lines, with %+v", text, at.Line, at.Column, lines, p)
			}
			return
		}
		again, err := policy.Parse("slipway.yml", text)
		if err != nil || !reflect.DeepEqual(p, again) {
			t.Fatalf("%q was read as\n%+v, and then as\n%+v (%v)", text, p, again, err)
		}
		if p.Version != 1 {
			t.Fatalf("%q has the version %d", text, p.Version)
		}
	})
}

// What a value says is within its bounds, or refused: no NaN, nothing endless, no share or rate that is none.
func FuzzValues(f *testing.F) {
	for _, s := range []string{"<1000", ">=2", "5%", "5e-324%", "100%", "1e309%", "p95<300ms", "30/s", "5e-324/m", "1001/s", "2xx", "200", "09:30", "24:00", "7d", "previous",
		"2026-03-02", "2026-03-02T12:00:00Z", "0000-01-01", "9999-12-31", "[2001:db8::1]:443", "grpcs://a:1", "https://u:p@a/", "https://shop.example/", "<0.5%", "!= x", "== ", "<NaN", "20%", ">0x1p-2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		within := func(what string, v, low, high float64, err error) {
			if err == nil && !(v >= low && v <= high) {
				t.Fatalf("%q as %s is %v, not within %v and %v", s, what, v, low, high)
			}
		}
		const some = math.SmallestNonzeroFloat64
		share, err := policy.ParseShare(s)
		within("a share", share, some, 1, err)
		share, err = policy.ParseShareLimit(s)
		within("a limit of a share", share, some, 1, err)
		rate, err := policy.ParseRate(s)
		within("a rate", rate, some, 1000, err)
		increase, err := policy.ParseIncrease(s)
		within("an increase", increase, 0, 100, err)
		bound, err := policy.ParseBound(s)
		within("a bound", bound.Value, -math.MaxFloat64, math.MaxFloat64, err)
		if err == nil && bound.Holds(math.NaN()) {
			t.Fatalf("%q holds for no number", s)
		}
		latency, err := policy.ParseLatency(s)
		within("a latency", float64(latency), 0, math.MaxInt64, err)
		ago, err := policy.ParseBaseline(s)
		within("a baseline", ago.Hours(), 0, 366*24, err)
		at, err := policy.ParseClock(s)
		within("a clock", at.Hours(), 0, 24, err)
		low, high, err := policy.ParseStatus(s)
		within("a status", float64(low), 100, float64(high), err)
		within("a status", float64(high), 100, 599, err)
		if _, span, share, ok := policy.ParsePercentileLimit(s); ok {
			within("a percentile", share, 0.01, 0.999, nil)
			within("a percentile's bound", float64(span), 1, math.MaxInt64, nil)
		}
		if moment, err := policy.ParseMoment(s); err == nil && (moment.End().Before(moment.Time) || moment.Location() != time.UTC) {
			t.Fatalf("%q is %v and ends %v", s, moment, moment.End())
		}
		if count, err := policy.ParseCount(s); err == nil {
			if again, err := policy.ParseCount(count.String()); err != nil || again != count {
				t.Fatalf("%q is %v, which is %v (%v)", s, count, again, err)
			}
		}
		if c, err := policy.ParseCondition(s); err == nil {
			if again, err := policy.ParseCondition(c.Operator + " " + c.Operand); err != nil || again != c {
				t.Fatalf("%q is %v, which is %v (%v)", s, c, again, err)
			}
		}
		if host, err := policy.ParseEndpoint(s); err == nil && (host == "" || strings.ContainsAny(host, "/@ \n%")) {
			t.Fatalf("%q has the host %q", s, host)
		}
		if endpoint, _, err := policy.ParseGRPC(s); err == nil {
			if _, err := policy.ParseEndpoint(endpoint); err != nil {
				t.Fatalf("%q has the endpoint %q: %v", s, endpoint, err)
			}
		}
		if u, err := policy.ParseAddress(s); err == nil && (u.User != nil || u.Hostname() == "") {
			t.Fatalf("%q is %+v", s, u)
		} else if err != nil && len(s) > 24 && strings.Contains(err.Error(), s) {
			t.Fatalf("the error repeats %q: %v", s, err)
		}
	})
}
