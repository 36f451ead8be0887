package advisory

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/osv"
)

const (
	affectingA = `{"id":"%s","aliases":[%s],%s"affected":[{"package":{"ecosystem":"%s","name":"example.com/a"},"ranges":[{"type":"SEMVER","events":[{"introduced":"%s"}]}]}]}`
	vector     = `"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],`
	word       = `"database_specific":{"severity":"LOW"},`
	elsewhere  = `{"id":"%s","severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]}`
)

func TestAliasesOfFolder(t *testing.T) {
	other := []byte(fmt.Sprintf(elsewhere, "CVE-1"))
	tests := []struct {
		name  string
		files map[string][]byte
		want  string
	}{
		{"no severity", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"cve-1","GHSA-x"`, "", "Go", "0")), "Go/CVE-1.json": other}, "CVE-1"},
		{"a word", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"CVE-1"`, word, "Go", "0")), "Go/CVE-1.json": other}, "CVE-1"},
		{"a vector", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"CVE-1"`, vector, "Go", "0")), "Go/CVE-1.json": other}, ""},
		{"another kind of alias", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"ZZ-1"`, "", "Go", "0")), "Go/ZZ-1.json": []byte(fmt.Sprintf(elsewhere, "ZZ-1"))}, ""},
		{"not affected", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"CVE-1"`, "", "Go", "2.0.0")), "Go/CVE-1.json": other}, ""},
		{"a candidate itself", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"CVE-1"`, "", "Go", "0")), "Go/CVE-1.json": []byte(fmt.Sprintf(affectingA, "CVE-1", "", "", "Go", "2.0.0"))}, ""},
		{"withdrawn", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"CVE-1"`, "", "Go", "0")), "Go/CVE-1.json": []byte(`{"id":"CVE-1","withdrawn":"2025-01-01T00:00:00Z"}`)}, ""},
		{"in the data of another ecosystem", map[string][]byte{"Go/GO-1.json": []byte(fmt.Sprintf(affectingA, "GO-1", `"CVE-1"`, "", "Go", "0")), "npm/CVE-1.json": other}, "CVE-1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, ok := test.files["npm/CVE-1.json"]; !ok {
				test.files["npm/X.json"] = []byte(fmt.Sprintf(elsewhere, "X"))
			}
			a := folder(t, test.files).Ask(t.Context(), []osv.Package{installed, {Ecosystem: "npm", Name: "a", Version: "1.0.0"}})
			if got := strings.Join(slices.Sorted(maps.Keys(a.Aliases)), " "); got != test.want || len(a.Problems) > 0 {
				t.Errorf("got %q, want %q; %+v", got, test.want, a.Problems)
			}
		})
	}
}
