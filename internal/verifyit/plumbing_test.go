//go:build verifyit

package verifyit

import (
	"fmt"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Before anything is said of deploy-verify: weights move traffic, the lane leads to what is new, and
// Prometheus has what happened, by version.
func TestPlumbing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.open()
	s.customers()
	s.wantLane(before)
	s.deploy("canary", after, "-errors", "0.05")
	s.wantLane(before) // it is in maintenance yet

	for _, share := range []int{5, 25, 90} {
		s.shift(fmt.Sprintf("%d%%", share))
		s.wantLane(after)
		s.wantShare(float64(share) / 100)
	}
	s.shift("100%")
	s.wantShare(1)

	eventually(t, "Prometheus should have both versions, and the errors of the new one", func() error {
		versions, err := s.query(`http_requests_total{path="/products",code="200"}`, "version")
		if err == nil && (versions[before] < 100 || versions[after] < 100) {
			err = fmt.Errorf("good answers by version: %v", versions)
		}
		if err != nil {
			return err
		}
		share, err := s.query(`sum by (version) (http_requests_total{path="/products",code="500"}) / sum by (version) (http_requests_total{path="/products"})`, "version")
		if err == nil && (share[after] < 0.02 || share[after] > 0.1) {
			err = fmt.Errorf("errors by version: %v", share)
		}
		return err
	})
	eventually(t, "Prometheus should have the proxy's own count of the canary's errors", func() error {
		seen, err := s.query(`haproxy_server_http_responses_total{proxy="shop",server="canary",code="5xx"}`, "server")
		if err == nil && seen["canary"] < 5 {
			err = fmt.Errorf("errors: %v", seen)
		}
		return err
	})

	s.shift("back")
	s.wantLane(before)
	s.wantShare(0)
	if stable, canary := s.weights(); stable != "100" || canary != "0" {
		t.Errorf("after going back the weights are %s and %s", stable, canary)
	}
}

// A shift that is none is refused, and one that the proxy does not confirm fails.
func TestShiftRefuses(t *testing.T) {
	t.Parallel()
	for _, share := range []string{"", "5.5%", "101", "05", "-5", "all", "5%; shutdown sessions server shop/stable", "1000000000000000000000"} {
		cmd := exec.Command(top+"/examples/canary/shift.sh", share)
		cmd.Env = []string{"PATH=/usr/bin:/bin", "HAPROXY_SOCKET=/nowhere"}
		if text, err := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(text), "is no share") {
			t.Errorf("%q: %v\n%s", share, err, text)
		}
	}
	cmd := exec.Command(top+"/examples/canary/shift.sh", "5%")
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HAPROXY_SOCKET=/nowhere"}
	if text, err := cmd.CombinedOutput(); err == nil {
		t.Errorf("there is no proxy, and it says %s", text)
	}
}

// wantLane is the version that twenty connections of their own see in the lane.
func (s *site) wantLane(version string) {
	s.Helper()
	for n := range 20 {
		body, err := read("http://" + s.lane + "/version")
		if err != nil || !strings.Contains(body, `"version":"`+version+`"`) {
			s.Fatalf("connection %d of the lane: %s, %v; want %s", n+1, body, err, version)
		}
	}
}

// wantShare counts what the proxy sends to the canary from now on, by its own statistics.
func (s *site) wantShare(want float64) {
	s.Helper()
	stableBefore, canaryBefore := s.sessions()
	time.Sleep(2 * time.Second)
	stable, canary := s.sessions()
	stable, canary = stable-stableBefore, canary-canaryBefore
	if all := stable + canary; all < rate || math.Abs(canary/all-want) > 0.02 {
		s.Errorf("%.0f of %.0f requests went to the canary, want %.0f %%", canary, all, 100*want)
	}
}

// sessions are how many requests each slot got.
func (s *site) sessions() (stable, canary float64) {
	s.Helper()
	all := s.statistics("stot")
	stable, wrong := strconv.ParseFloat(all["stable"], 64)
	canary, wrongToo := strconv.ParseFloat(all["canary"], 64)
	if wrong != nil || wrongToo != nil {
		s.Fatalf("requests by slot: %v", all)
	}
	return stable, canary
}
