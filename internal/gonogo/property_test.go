package gonogo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/slipway-actions/slipway/internal/verdict"
)

// TestWorseIsNeverBetter makes gates and evidence at random, then makes one piece of the evidence
// worse, or takes one away: a no-go must stay one. Decided again from a record, each is the same to the
// byte.
func TestWorseIsNeverBetter(t *testing.T) {
	const shards, each = 4, 4
	cases := 1_500
	if testing.Short() { // as under the race detector, which is slow and of which a decision needs no volume
		cases = 800
	}
	var (
		mu   sync.Mutex
		seen = counts{by: map[string]int{}, changed: map[string]int{}}
		made = seals(t)
	)
	t.Run("shards", func(t *testing.T) {
		for shard := range uint64(shards) {
			t.Run(fmt.Sprint(shard), func(t *testing.T) {
				t.Parallel()
				own := worsened(t, dice{rand.New(rand.NewPCG(20260302, shard)), made}, fmt.Sprintf("seeds 20260302, %d", shard), cases, each)
				mu.Lock()
				defer mu.Unlock()
				seen.add(own)
			})
		}
	})
	if t.Failed() {
		return
	}
	t.Logf("of %d sets of evidence %d were a go; of the %d ways in which they were made worse, %d made a no-go of it", shards*cases, seen.gos, shards*cases*each, seen.changes)
	if seen.gos < shards*cases/10 || seen.changes < shards*cases*each/20 {
		t.Errorf("of %d sets of evidence %d were a go, and %d of %d changed; the generator no longer tests what it should", shards*cases, seen.gos, seen.changes, shards*cases*each)
	}
	for _, kind := range sources {
		if seen.by[kind] < 100 || seen.changed[kind] < 10 {
			t.Errorf("%s was made worse %d times, and changed the decision %d times", kind, seen.by[kind], seen.changed[kind])
		}
	}
}

// sources are the fields of evidence that something is decided from.
var sources = []string{"Now", "Checks", "Documents", "Files", "Change", "People", "Ticketed", "Issues", "Releases", "Probes", "Incidents", "Published", "Skew"}

// counts is what the cases came to.
type counts struct {
	gos, changes int
	by, changed  map[string]int // by the source that was made worse: how often, and how often a go became a no-go
}

func (t *counts) add(other counts) {
	t.gos, t.changes = t.gos+other.gos, t.changes+other.changes
	for kind := range other.by {
		t.by[kind] += other.by[kind]
		t.changed[kind] += other.changed[kind]
	}
}

// worsened makes so many sets of evidence, and each of them worse in so many ways.
func worsened(t *testing.T, r dice, seeds string, cases, each int) counts {
	seen := counts{by: map[string]int{}, changed: map[string]int{}}
	shown := map[string]bool{}
	for n := range cases {
		e := r.evidence()
		before := decide(e)
		same(t, e, before, fmt.Sprintf("case %d, %s", n, seeds))
		if before.verdict == verdict.Pass {
			seen.gos++
		}
		for range each {
			what, worse := r.worse(e)
			after := decide(worse)
			source := what[:strings.IndexAny(what, ".[{:")]
			seen.by[source]++
			if before.verdict == verdict.Pass && after.verdict != verdict.Pass {
				seen.changes++
				seen.changed[source]++
			}
			if before.verdict != verdict.Pass && after.verdict == verdict.Pass && !shown[what] {
				shown[what] = true
				t.Errorf("case %d (%s): %s turned a no-go into a go\nbefore: %s\nafter: %s\nit was: %s", n, seeds, what, told(before), told(after), encode(t, e))
			}
		}
	}
	return seen
}

// same decides once more from the record of some evidence. All that comes of it must be the same.
func same(t *testing.T, e evidence, first decision, where string) {
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var read evidence
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	read.Gate, read.Timezone, read.Service = e.Gate, e.Timezone, e.Service // of the policy
	one, two := outcomeOf(e, first), outcomeOf(read, decide(read))
	if a, b := encode(t, one.Data), encode(t, two.Data); a != b {
		t.Errorf("%s: decided again, the data is\n%s\nand was\n%s", where, b, a)
	}
	one.Data, two.Data = nil, nil
	if !reflect.DeepEqual(one, two) { // the page and the outputs are texts by now
		t.Errorf("%s: decided again, it is\n%+v\nand was\n%+v", where, two, one)
	}
}
