package versionbump

import (
	"slices"
	"testing"

	"github.com/slipway-actions/slipway/internal/gitrepo"
)

func TestAhead(t *testing.T) {
	tags := []gitrepo.Tag{
		{Name: "v1.0.0", Reachable: true}, {Name: "v1.3.0", Reachable: true}, {Name: "nightly"}, {Name: "web/v9.0.0"},
		{Name: "v1.2.9"}, {Name: "v1.4.0"}, {Name: "v2.0.0-rc.1"}, {Name: "v1.3.0+7"},
	}
	if got := ahead(tags, "v"); !slices.Equal(got, []string{"v2.0.0-rc.1", "v1.4.0"}) {
		t.Errorf("ahead are %v", got)
	}
	if got := ahead(nil, "v"); len(got) != 0 {
		t.Errorf("ahead of nothing are %v", got)
	}
	var many []gitrepo.Tag
	for _, name := range []string{"v1.0.0", "v1.1.0", "v1.2.0", "v1.3.0", "v1.4.0", "v1.5.0"} {
		many = append(many, gitrepo.Tag{Name: name})
	}
	if got := ahead(many, "v"); len(got) != landingsAsked || got[0] != "v1.5.0" {
		t.Errorf("of many, %v are looked at", got)
	}
}
