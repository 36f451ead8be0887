package osv

import "testing"

func TestWithin(t *testing.T) {
	for _, tt := range []struct {
		ecosystem, version, versions string
		want, fails                  bool
	}{
		{"Go", "1.2.0", ">=1.2.0 <1.4.0", true, false},
		{"Go", "v1.3.9", ">=1.2.0, <1.4.0", true, false},
		{"Go", "1.4.0", ">=1.2.0 <1.4.0", false, false},
		{"Go", "1.1.0", ">= 1.2.0", false, false},
		{"npm", "2.0.0-rc.1", "<2.0.0", true, false},
		{"PyPI", "1.0", "=1.0.0", true, false},
		{"npm", "2.0.0", ">1.9.9 <=2.0.0", true, false},
		{"npm", "", "<2.0.0", false, true},
		{"npm", "main", "<2.0.0", false, true},
		{"npm", "1.0.0", "one", false, true},
	} {
		got, err := Package{Ecosystem: tt.ecosystem, Name: "p", Version: tt.version}.Within(tt.versions)
		if got != tt.want || (err != nil) != tt.fails {
			t.Errorf("%s %s within %s: %v, %v", tt.ecosystem, tt.version, tt.versions, got, err)
		}
	}
}
