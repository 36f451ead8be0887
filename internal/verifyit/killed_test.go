//go:build verifyit

package verifyit

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A run that is killed in the midst of its soak leaves the state file. The next one goes on from there, asks
// for the time in between as well, and decides as one run would have.
func TestKilledRunGoesOn(t *testing.T) {
	for _, canary := range []struct{ name, errors, detect, decision string }{{"good", "0.005", soonSure, "promote"}, {"bad", "0.05", slowSure, "rollback"}} {
		t.Run(canary.name, func(t *testing.T) {
			t.Parallel()
			s, j, _ := running(t, canary.detect)
			s.deploy("canary", after, "-errors", canary.errors)
			s.shift("5%")
			in := map[string]string{"expected-version": after}
			first := j.step(in)
			if err := first.Start(); err != nil {
				t.Fatal(err)
			}
			over := make(chan error, 1)
			go func() { over <- first.Wait() }()
			var left watched
			for end := time.Now().Add(time.Minute); left.slots() < 2; time.Sleep(20 * time.Millisecond) {
				select {
				case err := <-over:
					t.Fatalf("it was over before two slots were kept: %v", err)
				default:
				}
				if time.Now().After(end) {
					t.Fatal("two slots were never kept")
				}
				left = j.watching()
			}
			first.Process.Kill()
			if err := (<-over); err == nil || first.ProcessState.Success() {
				t.Fatal("it was not killed")
			}
			time.Sleep(3 * time.Second) // nobody watches

			a := j.want(canary.decision, in)
			if now := a.result.Data.Record; now.Resumed != 1 || !now.Watch.Began.Equal(left.Began) || now.Watch.slots() < left.slots() {
				t.Errorf("it began at %s with %d slots after %d runs; what the killed one left began at %s and has %d", now.Watch.Began, now.Watch.slots(), now.Resumed, left.Began, left.slots())
			}
			if canary.decision == "rollback" && a.outputs["rollback-to"] != before {
				t.Errorf("it goes back to %q", a.outputs["rollback-to"])
			}
		})
	}
}

// Runs of a slice each come to the same as one long run; each but the last hands on.
func TestSlicesComeToTheEnd(t *testing.T) {
	t.Parallel()
	s, j, _ := running(t, soonSure)
	s.deploy("canary", after, "-errors", "0.005")
	s.shift("5%")
	runs := 1
	for in := map[string]string{"expected-version": after, "slice": "4s"}; ; runs++ {
		a := j.verify(in)
		if a.outputs["decision"] == "promote" {
			break
		}
		next, err := time.Parse(time.RFC3339, a.outputs["next-check"])
		if a.outputs["decision"] != "hold" || a.code != 3 || a.outputs["next-step"] != "canary-5" || err != nil || runs > 30 {
			t.Fatalf("run %d: exit %d, %q\n%s", runs, a.code, a.outputs, a.log)
		}
		time.Sleep(time.Until(next))
	}
	if runs < 3 {
		t.Errorf("it took %d runs only", runs)
	}
}

// slots are those of the metric that has the fewest.
func (w watched) slots() int {
	if len(w.Metrics) == 0 {
		return 0
	}
	fewest := len(w.Metrics[0].Slots)
	for _, m := range w.Metrics {
		fewest = min(fewest, len(m.Slots))
	}
	return fewest
}

// watching is what the state file holds of after's soak.
func (j *job) watching() watched {
	var state struct {
		Services []struct {
			Rollouts []struct {
				Version  string
				Watching *struct{ Watch watched }
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(j.dir, ".slipway/state/deploy-verify.json"))
	if err != nil || json.Unmarshal(text, &state) != nil {
		j.Fatalf("the state file is no JSON, or half of it: %v\n%s", err, text)
	}
	for _, service := range state.Services {
		for _, r := range service.Rollouts {
			if r.Version == after && r.Watching != nil {
				return r.Watching.Watch
			}
		}
	}
	return watched{}
}
