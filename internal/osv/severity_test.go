package osv

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestRate(t *testing.T) {
	const (
		v2Medium   = `{"type":"CVSS_V2","score":"AV:N/AC:L/Au:N/C:N/I:N/A:P"}`
		v31High    = `{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}`
		v31None    = `{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N"}`
		v30Crit    = `{"type":"CVSS_V3","score":"CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}`
		v4Medium   = `{"type":"CVSS_V4","score":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N"}`
		wrong      = `{"type":"CVSS_V3","score":"CVSS:3.1/nonsense"}`
		debianWord = `{"type":"Ubuntu","score":"high"}`
	)
	p := Package{"Go", "p", "1.0.0"}
	with := func(id, severity, word string) *Record {
		return record(t, `{"id":"`+id+`","severity":[`+severity+`],"affected":[{"package":{"ecosystem":"Go","name":"p"}}],"database_specific":{"severity":"`+word+`"}}`)
	}
	perPackage := record(t, `{"id":"P","affected":[{"package":{"ecosystem":"Go","name":"p"},"severity":[`+v31High+`]},{"package":{"ecosystem":"Go","name":"q"},"severity":[`+v30Crit+`]}]}`)
	tests := []struct {
		name           string
		group, aliases []*Record
		level          Level
		source         string
	}{
		{"CVSS 2", []*Record{with("A", v2Medium, "")}, nil, Medium, "CVSS 2.0 by A"},
		{"CVSS 3.0", []*Record{with("A", v30Crit, "")}, nil, Critical, "CVSS 3.0 by A"},
		{"CVSS 3.1", []*Record{with("A", v31High, "")}, nil, High, "CVSS 3.1 by A"},
		{"CVSS 4", []*Record{with("A", v4Medium, "")}, nil, Medium, "CVSS 4.0 by A"},
		{"the newest scale of a record", []*Record{with("A", v30Crit+","+v4Medium, "")}, nil, Medium, "CVSS 4.0 by A"},
		{"the highest of two records", []*Record{with("A", v4Medium, ""), with("B", v31High, "")}, nil, High, "CVSS 3.1 by B"},
		{"a score of nothing is low", []*Record{with("A", v31None, "")}, nil, Low, "CVSS 3.1 by A"},
		{"of the package alone", []*Record{perPackage}, nil, High, "CVSS 3.1 by P"},
		{"a wrong vector is none", []*Record{with("A", wrong+","+v2Medium, "")}, nil, Medium, "CVSS 2.0 by A"},
		{"by an alias", []*Record{with("A", "", "LOW")}, []*Record{with("B", v31High, "")}, High, "CVSS 3.1 by B"},
		{"by the database", []*Record{with("A", wrong, "MODERATE")}, []*Record{with("B", "", "HIGH")}, Medium, "A"},
		{"by the database of an alias", []*Record{with("A", "", "")}, []*Record{with("B", "", "critical")}, Critical, "B"},
		{"a distribution's scale", []*Record{with("A", debianWord, "")}, nil, Unrated, ""},
		{"nobody", []*Record{with("A", "", "SCARY")}, nil, Unrated, ""},
	}
	for _, test := range tests {
		got := Rate(p, test.group, test.aliases)
		if got.Level != test.level || got.Source != test.source {
			t.Errorf("%s: %+v, want %v %q", test.name, got, test.level, test.source)
		}
	}
}

func TestBand(t *testing.T) {
	for score, want := range map[float64]Level{0: Low, 0.1: Low, 3.9: Low, 4: Medium, 6.9: Medium, 7: High, 8.9: High, 9: Critical, 10: Critical, 8.9999999: Critical} {
		if got := band(score); got != want {
			t.Errorf("%v is %v, want %v", score, got, want)
		}
	}
}

func TestGroup(t *testing.T) {
	named := func(id string, aliases ...string) *Record { return &Record{ID: id, Aliases: aliases} }
	records := []*Record{
		named("GO-1", "CVE-1"), named("GHSA-1", "CVE-1"), // share a third
		named("GO-2", "GHSA-2"), named("GHSA-2"), // one names the other
		named("PYSEC-3", "CVE-3", "CVE-4"), named("GHSA-3", "CVE-3"), named("GHSA-4", "cve-4"), // a chain
		named("GO-5"), named("GO-5"), // twice
		named("OTHER-6", "CVE-6", ""), named("OTHER-7", " ", ""), // name nothing
	}
	want := "GHSA-1 GO-1 | GHSA-2 GO-2 | GHSA-3 GHSA-4 PYSEC-3 | GO-5 | OTHER-6 | OTHER-7"
	for range 200 {
		rand.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		var groups []string
		for _, group := range Group(records) {
			var ids []string
			for _, r := range group {
				ids = append(ids, r.ID)
			}
			groups = append(groups, strings.Join(ids, " "))
		}
		if got := strings.Join(groups, " | "); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	}
	group := []*Record{named("GHSA-1", "CVE-1"), named("GO-1", "cve-1", "GHSA-1")}
	if got := Aliases(group); !slices.Equal(got, []string{"CVE-1", "GO-1"}) && !slices.Equal(got, []string{"cve-1", "GO-1"}) {
		t.Errorf("aliases %v", got)
	}
}
