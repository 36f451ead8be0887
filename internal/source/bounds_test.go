package source

import (
	"fmt"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// A histogram of endless buckets, of one instance or of many, is not held.
func TestTooManyBuckets(t *testing.T) {
	for name, labels := range map[string]func(n int) map[string]string{
		"of one":  func(n int) map[string]string { return map[string]string{"le": fmt.Sprint(n)} },
		"of many": func(n int) map[string]string { return map[string]string{"le": fmt.Sprint(n), "i": fmt.Sprint(n % 50)} },
	} {
		a := newAdder(question("h", timeseries.Histogram, 1))
		var trouble *timeseries.Problem
		n := 0
		for ; trouble == nil && n < 100*mostBuckets; n++ {
			trouble = a.add(series{labels: labels(n), samples: []sample{{began, 1}}})
		}
		if trouble == nil || trouble.Name != timeseries.TooLarge || n > mostBuckets+1 {
			t.Errorf("%s: %v after %d", name, trouble, n)
		}
	}
}

// A server that repeats what it was authorised by, in part or in another form, gives nothing away.
func TestPartsOfSecrets(t *testing.T) {
	c, err := newClient(Options{URL: "http://x", Headers: map[string]string{"Authorization": "Token abcdef"}, User: "ada", Password: "hunter2"})
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"abcdef", "hunter2", "YWRhOmh1bnRlcjI="} {
		if got := c.clean("you said " + secret + " to me"); strings.Contains(got, secret) || got != "you said *** to me" {
			t.Errorf("%s: %s", secret, got)
		}
	}
}
