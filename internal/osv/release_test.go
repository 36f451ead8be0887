package osv

import (
	"errors"
	"testing"
)

func TestRelate(t *testing.T) {
	tests := []struct {
		entry, pkg string
		want       kinship
	}{
		{"Debian:12", "Debian:12", itself},
		{"Debian:12", "Debian:12.5", itself},
		{"Debian:11", "Debian:12", stranger},
		{"Debian:1", "Debian:12", stranger},
		{"Debian", "Debian:12", itself},
		{"Debian:12", "Debian", perhaps},
		{"Debian:12", "Ubuntu:12", stranger},
		{"Alpine:v3.19", "Alpine:v3.19", itself},
		{"Alpine:v3.19", "Alpine:3.19.1", itself},
		{"Alpine:v3.1", "Alpine:v3.19", stranger},
		{"Alpine:v3.18", "Alpine:v3.19", stranger},
		{"Alpine", "Alpine:v3.19", itself},
		{"Ubuntu:22.04:LTS", "Ubuntu:22.04", itself},
		{"Ubuntu:22.04:LTS", "Ubuntu:22.04:LTS", itself},
		{"Ubuntu:22.10", "Ubuntu:22.04", stranger},
		{"Ubuntu:24.04:LTS", "Ubuntu:22.04", stranger},
		{"Ubuntu:Pro:22.04:LTS", "Ubuntu:22.04", stepchild},
		{"Ubuntu:Pro:22.04:LTS", "Ubuntu:Pro:22.04:LTS", itself},
		{"Ubuntu:22.04:LTS", "Ubuntu:Pro:22.04:LTS", itself},
		{"Ubuntu:22.04:LTS", "Ubuntu:Pro:FIPS:22.04:LTS", itself},
		{"Ubuntu:Pro:FIPS:22.04:LTS", "Ubuntu:22.04", stranger},
		{"Ubuntu:Pro:FIPS:22.04:LTS", "Ubuntu:Pro:22.04:LTS", stranger},
		{"Ubuntu:Pro:18.04:LTS", "Ubuntu:Pro:22.04:LTS", stranger},
		{"Red Hat:enterprise_linux:9::appstream", "Red Hat:enterprise_linux:9::baseos", itself},
		{"Red Hat:enterprise_linux:10.1", "Red Hat:enterprise_linux:10.0", itself},
		{"Red Hat:enterprise_linux:8::baseos", "Red Hat:enterprise_linux:9::baseos", stranger},
		{"Red Hat:rhel_eus:9.2::baseos", "Red Hat:enterprise_linux:9::baseos", stranger},
		{"Red Hat:rhel_eus:9.2::appstream", "Red Hat:rhel_eus:9.2::baseos", itself},
		{"Red Hat:enterprise_linux:9::baseos", "Red Hat", perhaps},
		{"Rocky Linux:9", "Rocky Linux:9.3", itself},
		{"Rocky Linux:8", "Rocky Linux:9", stranger},
		{"AlmaLinux:9", "AlmaLinux:9.4", itself},
		{"AlmaLinux:9", "Rocky Linux:9", stranger},
		{"SUSE:Linux Enterprise Module for Basesystem 15 SP5", "SUSE:Linux Enterprise Server 15 SP5", itself},
		{"SUSE:Linux Enterprise Server 12 SP5-LTSS", "SUSE:Linux Enterprise Server 12 SP5", itself},
		{"SUSE:Linux Enterprise Server 15 SP5", "SUSE:15.5", itself},
		{"SUSE:Linux Enterprise Server 15", "SUSE:15", itself},
		{"SUSE:Linux Enterprise Server 15 SP4", "SUSE:15.5", stranger},
		{"SUSE:Linux Enterprise Micro 5.3", "SUSE:15.3", stranger},
		{"SUSE:Manager Server 4.3", "SUSE:15.5", stranger},
		{"openSUSE:Leap 15.5", "openSUSE:Leap 15.5", itself},
		{"openSUSE:Leap 15.6", "openSUSE:Leap 15.5", stranger},
		{"openSUSE:Tumbleweed", "openSUSE:Leap 15.5", stranger},
		{"Wolfi", "Wolfi", itself},
		{"Chainguard", "Wolfi", stranger},
		{"Alpaquita:23", "Alpaquita:stream", stranger},
		{"Alpaquita:stream", "Alpaquita:stream", itself},
		{"openEuler:22.03-LTS-SP3", "openEuler:22.03-LTS-SP3", itself},
		{"openEuler:22.03-LTS-SP1", "openEuler:22.03-LTS-SP3", stranger},
		{"Azure Linux:3", "Azure Linux:3.0", itself},
		{"Maven:https://repo1.example/maven2", "Maven", itself},
		{"Maven", "Maven:https://repo1.example/maven2", itself},
		{"Go", "Go", itself},
	}
	for _, test := range tests {
		if got := relate(test.entry, test.pkg); got != test.want {
			t.Errorf("an entry of %q and a package of %q: %v, want %v", test.entry, test.pkg, got, test.want)
		}
	}
}

// TestReleases judges packages by records that speak of several releases.
func TestReleases(t *testing.T) {
	entry := func(ecosystem, events string) string {
		return `{"package":{"ecosystem":"` + ecosystem + `","name":"curl"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}` + events + `]}]}`
	}
	fixed := func(version string) string { return `,{"fixed":"` + version + `"}` }
	debian := record(t, `{"id":"DSA-5587-1","affected":[`+entry("Debian:11", fixed("7.74.0-1.3+deb11u11"))+`,`+entry("Debian:12", fixed("7.88.1-10+deb12u5"))+`,`+entry("Debian:13", "")+`]}`)
	every := record(t, `{"id":"CVE-2023-0001","affected":[`+entry("Debian", fixed("8.0-1"))+`]}`)
	ubuntu := record(t, `{"id":"UBUNTU-CVE-2023-0002","affected":[`+entry("Ubuntu:Pro:18.04:LTS", fixed("7.58.0-2ubuntu3.24+esm3"))+`,`+entry("Ubuntu:Pro:22.04:LTS", fixed("7.81.0-1ubuntu1.15+esm1"))+`,`+entry("Ubuntu:22.04:LTS", fixed("7.81.0-1ubuntu1.15"))+`]}`)
	rocky := record(t, `{"id":"RLSA-2024:1601","affected":[`+entry("Rocky Linux:9", fixed("0:7.76.1-26.el9_3.3"))+`]}`)
	suse := record(t, `{"id":"SUSE-SU-2023:4659-1","affected":[`+entry("SUSE:Linux Enterprise Module for Basesystem 15 SP5", fixed("8.0.1-150400.5.36.1"))+`]}`)
	alpine := record(t, `{"id":"ALPINE-CVE-2023-38545","affected":[`+entry("Alpine:v3.18", fixed("8.4.0-r0"))+`,`+entry("Alpine:v3.19", fixed("8.5.0-r0"))+`]}`)
	tests := []struct {
		record             *Record
		ecosystem, version string
		affected, unjudged bool
		fix                string
	}{
		{debian, "Debian:12", "7.88.1-10+deb12u4", true, false, "7.88.1-10+deb12u5"},
		{debian, "Debian:12", "7.88.1-10+deb12u5", false, false, ""},
		{debian, "Debian:12", "7.74.0-1.3+deb11u11", true, false, "7.88.1-10+deb12u5"},
		{debian, "Debian:11", "7.74.0-1.3+deb11u11", false, false, ""},
		{debian, "Debian:13", "9.0-1", true, false, ""},
		{debian, "Debian:10", "7.64.0-4", false, false, ""},
		{debian, "Debian", "7.88.1-10+deb12u4", false, true, ""},
		{every, "Debian:12", "7.88.1-10+deb12u4", true, false, "8.0-1"},
		{every, "Debian", "7.88.1-10+deb12u4", true, false, "8.0-1"},
		{ubuntu, "Ubuntu:22.04", "7.81.0-1ubuntu1.15", false, false, ""},
		{ubuntu, "Ubuntu:22.04", "7.81.0-1ubuntu1.14", true, false, "7.81.0-1ubuntu1.15"},
		{ubuntu, "Ubuntu:Pro:22.04:LTS", "7.81.0-1ubuntu1.15", true, false, "7.81.0-1ubuntu1.15+esm1"},
		{ubuntu, "Ubuntu:18.04", "7.58.0-2ubuntu3.24", true, false, "7.58.0-2ubuntu3.24+esm3"},
		{rocky, "Rocky Linux:9", "0:7.76.1-26.el9_3.2", true, false, "0:7.76.1-26.el9_3.3"},
		{rocky, "Rocky Linux:9", "7.76.1-26.el9_3.3", false, false, ""},
		{rocky, "Rocky Linux:8", "7.61.1-33.el8", false, false, ""},
		{suse, "SUSE:Linux Enterprise Server 15 SP5", "8.0.1-150400.5.32.1", true, false, "8.0.1-150400.5.36.1"},
		{alpine, "Alpine:v3.19", "8.4.0-r0", true, false, "8.5.0-r0"},
		{alpine, "Alpine:v3.18", "8.4.0-r0", false, false, ""},
	}
	for _, test := range tests {
		p := Package{test.ecosystem, "curl", test.version}
		affected, err := test.record.Affects(p)
		if affected != test.affected || errors.Is(err, ErrUnjudged) != test.unjudged {
			t.Errorf("%s, %s %s: affected %v, %v", test.record.ID, test.ecosystem, test.version, affected, err)
		}
		if fix := FixedVersion(p, []*Record{test.record}); affected && fix != test.fix {
			t.Errorf("%s, %s %s: fixed in %q, want %q", test.record.ID, test.ecosystem, test.version, fix, test.fix)
		}
	}
}

// TestDistributionVersions holds the order of versions as the package managers have it; each list
// is in order, lowest first.
func TestDistributionVersions(t *testing.T) {
	tests := []struct {
		ecosystem string
		ascending []string
	}{
		{"Debian:12", []string{"1.0~rc1-1", "1.0-1", "1.0-1+b1", "1.0-1+deb12u1", "1.0-1+deb12u10", "1.0-2~bpo12+1", "1.0-2", "1.0a-1", "1.0+dfsg-1", "1.2-1", "1.10-1", "1:0.5-1", "2:0.1~beta2-0.1"}},
		{"Debian:12", []string{"0.0~git20230101.abcdef-1", "1.2.3", "1.2.3-4", "2023.1~20230512-1", "20230311+deb12u1"}},
		{"Ubuntu:22.04", []string{"3.0.2-0ubuntu1", "3.0.2-0ubuntu1.9", "3.0.2-0ubuntu1.10", "3.0.2-0ubuntu1.10+esm1"}},
		{"Alpine:v3.19", []string{"1.2.3_alpha1-r0", "1.2.3_rc2-r0", "1.2.3-r0", "1.2.3-r4", "1.2.3-r10", "1.2.3_p1-r0", "1.2.3a-r0", "1.2.10-r0", "1.36.1-r15"}},
		{"Wolfi", []string{"3.1.4-r0", "3.1.4-r1", "20230711-r0"}},
		{"Rocky Linux:9", []string{"1.0~rc1-1.el9", "1.0-1.el9", "1.0-1.el9_2", "1.0-1.el9_2.1", "1.0-10.el9", "1.0^git1-1.el9", "1.0.1-1.el9", "1:0.9-1.el9", "2:0.1-1.module+el9.1.0+1234+abcdef01"}},
		{"Red Hat:enterprise_linux:9::baseos", []string{"0:3.0.7-24.el9", "0:3.0.7-25.el9_3", "1:3.0.7-6.el9_2"}},
		{"SUSE:15.5", []string{"1.1.1l-150500.15.4", "1.1.1l-150500.17.34.1"}},
		{"Azure Linux:3", []string{"3.3.0-1.azl3", "3.3.2-1.azl3"}},
	}
	for _, test := range tests {
		for i := range test.ascending {
			for j := range test.ascending {
				order, err := compare(test.ecosystem, test.ascending[i], test.ascending[j])
				if err != nil || (order < 0) != (i < j) || (order > 0) != (i > j) {
					t.Errorf("%s: %s and %s: %d, %v", test.ecosystem, test.ascending[i], test.ascending[j], order, err)
				}
			}
			if order, err := compare(test.ecosystem, "0", test.ascending[i]); order != -1 || err != nil {
				t.Errorf("%s: 0 and %s: %d, %v", test.ecosystem, test.ascending[i], order, err)
			}
		}
	}
	for ecosystem, versions := range map[string][]string{
		"Debian:12":     {"", "<unfixed>", "1.0 1", "latest", "1.0|2", "a:1.0-1"},
		"Alpine:v3.19":  {"", "1.2.3-4", "1.2.3-r1-r2", "latest", "1.2.3_what1", "1.2.3 "},
		"Rocky Linux:9": {"", "1.0-1-1", "1.0 ", ">=1.0", "x:1.0-1"},
		"Fedora:40":     {"1.0-1.fc40"},
	} {
		for _, version := range versions {
			if ordered(ecosystem, version) {
				t.Errorf("%s: %q was taken for a version", ecosystem, version)
			}
		}
	}
	// Epoch 0 and none are the same to all that have epochs.
	for _, ecosystem := range []string{"Debian:12", "Rocky Linux:9"} {
		if order, err := compare(ecosystem, "0:1.0-1", "1.0-1"); order != 0 || err != nil {
			t.Errorf("%s: epoch 0: %d, %v", ecosystem, order, err)
		}
	}
}

// TestBaseEcosystem holds the names of the folders that a database keeps its records in.
func TestBaseEcosystem(t *testing.T) {
	for ecosystem, want := range map[string]string{
		"Debian:12": "Debian", "Alpine:v3.19": "Alpine", "Ubuntu:Pro:22.04:LTS": "Ubuntu", "Red Hat:enterprise_linux:9::baseos": "Red Hat",
		"Rocky Linux:9": "Rocky Linux", "SUSE:Linux Enterprise Server 15 SP5": "SUSE", "Wolfi": "Wolfi", "Maven:https://a.example/b": "Maven", "Go": "Go",
	} {
		if got := BaseEcosystem(ecosystem); got != want {
			t.Errorf("%s lies in %q, want %q", ecosystem, got, want)
		}
	}
}
