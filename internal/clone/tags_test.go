package clone_test

import (
	"context"
	"errors"
	"testing"

	"github.com/slipway-actions/slipway/internal/clone"
)

// origin is what a clone's remote knows.
type origin struct {
	Names    []string
	Err      error
	Withheld bool
	Partial  bool
	asked    int
}

func (o *origin) RemoteTags(context.Context) ([]string, error) { o.asked++; return o.Names, o.Err }
func (o *origin) TagsWithheld(context.Context) bool            { return o.Withheld }
func (o *origin) TagsPartial(context.Context) bool             { return o.Partial }

func TestTags(t *testing.T) {
	down := errors.New("connection refused")
	for name, tt := range map[string]struct {
		origin
		held           int
		missing, doubt string
	}{
		"a clone with tags asks nobody":  {origin{Names: []string{"v1.0.0"}, Withheld: true}, 1, "", ""},
		"none anywhere":                  {origin{}, 0, "", ""},
		"none anywhere, and none wanted": {origin{Withheld: true}, 0, "", ""},
		"some at origin":                 {origin{Names: []string{"nightly", "v1.0.0", "v1.10.0", "v1.9.0"}}, 0, "the clone has no tags, but origin has 3 releases, such as v1.10.0", ""},
		"others at origin":               {origin{Names: []string{"nightly", "rel-1.0.0"}}, 0, "", ""},
		"origin is silent":               {origin{Err: down}, 0, "the clone has no tags, and origin could not be asked whether it has any: connection refused", ""},
		"origin is silent, none were wanted": {origin{Err: down, Withheld: true}, 0,
			"the clone was made without tags (remote.origin.tagOpt is --no-tags), and origin could not be asked: connection refused", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tags := clone.AskForTags(t.Context(), &tt.origin, make([]string, tt.held))
			if f, ok := tags.Missing("v"); ok != (tt.missing != "") || f.Observed != tt.missing {
				t.Errorf("missing: %v, %q", ok, f.Observed)
			}
			if f, ok := tags.Doubt(); ok != (tt.doubt != "") || f.Observed != tt.doubt {
				t.Errorf("doubt: %v, %q", ok, f.Observed)
			}
			if (tt.asked > 0) != (tt.held == 0) {
				t.Errorf("origin was asked %d times", tt.asked)
			}
		})
	}
}

func TestAllTags(t *testing.T) {
	held := []string{"v1.0.0", "nightly"}
	down := errors.New("connection refused")
	for name, tt := range map[string]struct {
		origin
		held           []string
		missing, doubt string
	}{
		"a clone of all asks nobody": {origin{Names: []string{"v1.1.0"}, Err: down}, held, "", ""},
		"all that origin has":        {origin{Names: []string{"nightly", "v1.0.0"}, Partial: true}, held, "", ""},
		"others at origin":           {origin{Names: []string{"v1.0.0", "v1", "api/v2.0.0"}, Partial: true}, held, "", ""},
		"more at origin":             {origin{Names: []string{"v1.0.0", "v1.0.1", "v1.1.0"}, Partial: true}, held, "the clone has some tags alone: origin has 2 releases more, such as v1.1.0", ""},
		"origin is silent": {origin{Err: down, Partial: true}, held, "",
			"the clone was made of one branch or without tags, and whether origin has more of them could not be asked: connection refused"},
		"none here, some at origin": {origin{Names: []string{"v1.0.0"}}, nil, "the clone has no tags, but origin has 1 release, such as v1.0.0", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tags := clone.AskForTags(t.Context(), &tt.origin, tt.held)
			if f, ok := tags.Missing("v"); ok != (tt.missing != "") || f.Observed != tt.missing {
				t.Errorf("missing: %v, %q", ok, f.Observed)
			}
			if f, ok := tags.Doubt(); ok != (tt.doubt != "") || f.Observed != tt.doubt {
				t.Errorf("doubt: %v, %q", ok, f.Observed)
			}
			if (tt.asked > 0) != (tt.Partial || tt.held == nil) {
				t.Errorf("origin was asked %d times", tt.asked)
			}
		})
	}
}
