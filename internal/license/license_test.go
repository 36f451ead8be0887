package license

import (
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	permissive := Rules{Allow: []string{"MIT", "Apache-2.0", "BSD-3-Clause"}}
	noGPL := Rules{Deny: []string{"GPL-3.0-or-later", "AGPL-3.0-only"}}
	tests := []struct {
		name   string
		stated string // several, separated by |
		rules  Rules
		want   Outcome
		why    string
	}{
		{"one that is allowed", "MIT", permissive, Allowed, "MIT is allowed"},
		{"in other letters", "mit", permissive, Allowed, "MIT is allowed"},
		{"one that is not", "ISC", permissive, Denied, "ISC is not among the licences that are allowed"},
		{"a choice", "GPL-3.0-only OR MIT", permissive, Allowed, "MIT is allowed"},
		{"a choice in small letters", "GPL-3.0-only or MIT", permissive, Allowed, "MIT is allowed"},
		{"Cargo's old choice", "GPL-3.0/MIT", permissive, Allowed, "MIT is allowed"},
		{"a choice without a way out", "GPL-3.0-only OR ISC", permissive, Denied, "GPL-3.0-only is not among"},
		{"a choice with an unknown side", "Whatever OR MIT", permissive, Allowed, "MIT is allowed"},
		{"a choice of unknown and not allowed", "Whatever OR ISC", permissive, Unknown, `"Whatever" is no licence`},
		{"all of them", "MIT AND Apache-2.0", permissive, Allowed, "MIT is allowed and Apache-2.0 is allowed"},
		{"one of all is not", "MIT AND ISC", permissive, Denied, "ISC is not among"},
		{"one of all is unknown", "MIT AND Whatever", permissive, Unknown, `"Whatever" is no licence`},
		{"denied outweighs unknown", "Whatever AND ISC", permissive, Denied, "ISC is not among"},
		{"AND binds tighter", "MIT OR ISC AND GPL-3.0-only", permissive, Allowed, "MIT is allowed"},
		{"brackets", "(MIT OR ISC) AND (GPL-3.0-only OR Apache-2.0)", permissive, Allowed, "MIT is allowed and Apache-2.0 is allowed"},
		{"several expressions all hold", "MIT|ISC", permissive, Denied, "ISC is not among"},
		{"an empty one is none", "MIT|", permissive, Allowed, "MIT is allowed"},

		{"nothing stated", "", permissive, Unknown, "no licence is stated"},
		{"nothing stated, nothing denied", "", Rules{}, Unknown, "no licence is stated"},
		{"a free name", "BSD", permissive, Unknown, `"BSD" is no licence`},
		{"a free name of two words", "Apache 2", permissive, Unknown, "no SPDX expression"},
		{"npm's word for none", "UNLICENSED", Rules{}, Unknown, "no licence that SPDX knows"},
		{"a pointer to a file", "SEE LICENSE IN LICENSE.md", Rules{}, Unknown, "no SPDX expression"},
		{"plain words that mean one", "The Apache License, Version 2.0", permissive, Allowed, "Apache-2.0 is allowed"},
		{"plain words, denied", "MIT License", Rules{Deny: []string{"MIT"}}, Denied, "MIT is denied"},
		{"a reference", "LicenseRef-acme", permissive, Unknown, "written elsewhere"},
		{"a reference, nothing denied", "LicenseRef-acme", Rules{}, Unknown, "written elsewhere"},
		{"a reference that is allowed", "LicenseRef-acme", Rules{Allow: []string{"LicenseRef-acme"}}, Allowed, "LicenseRef-acme is allowed"},
		{"a reference that is denied", "LicenseRef-acme", Rules{Deny: []string{"LicenseRef-acme"}}, Denied, "LicenseRef-acme is denied"},
		{"a reference of another document", "DocumentRef-a:LicenseRef-b", Rules{}, Unknown, "written elsewhere"},

		{"all but what is denied", "ISC", noGPL, Allowed, "ISC is allowed"},
		{"denied", "AGPL-3.0-only", noGPL, Denied, "AGPL-3.0-only is denied"},
		{"denied by a range", "GPL-3.0-only", noGPL, Denied, "GPL-3.0-only is denied"},
		{"below the range", "GPL-2.0-only", noGPL, Allowed, "GPL-2.0-only is allowed"},
		{"may be taken below the range", "GPL-2.0-or-later", noGPL, Allowed, "GPL-2.0-or-later is allowed"},
		{"may be taken later, not now", "GPL-2.0-or-later", Rules{Deny: []string{"GPL-2.0-only"}}, Allowed, "GPL-2.0-or-later is allowed"},
		{"every version is denied", "GPL-2.0-or-later", Rules{Deny: []string{"GPL-2.0-only", "GPL-3.0-only"}}, Denied, "GPL-2.0-or-later is denied"},
		{"denied with both meanings of an outdated id", "GPL-2.0-or-later", Rules{Deny: []string{"GPL-2.0"}}, Denied, "GPL-2.0-or-later is denied"},
		{"an outdated id", "GPL-2.0", Rules{Deny: []string{"GPL-2.0-only"}}, Denied, "GPL-2.0 is denied"},
		{"the old plus", "GPL-2.0+", Rules{Deny: []string{"GPL-2.0-or-later"}}, Denied, "GPL-2.0-or-later is denied"},
		{"allowed in a later version", "GPL-2.0-or-later", Rules{Allow: []string{"GPL-3.0-only"}}, Allowed, "GPL-2.0-or-later is allowed"},
		{"a later version is not an earlier", "GPL-3.0-or-later", Rules{Allow: []string{"GPL-2.0-only"}}, Denied, "not among"},
		{"a plus of another family", "Apache-1.1+", permissive, Allowed, "Apache-1.1+ is allowed"},
		{"both lists name it", "MIT", Rules{Allow: []string{"MIT"}, Deny: []string{"MIT"}}, Denied, "MIT is denied"},
		{"the lesser GPL is another family", "LGPL-3.0-only", noGPL, Allowed, "LGPL-3.0-only is allowed"},

		{"an exception adds permission", "GPL-2.0-only WITH Classpath-exception-2.0", Rules{Allow: []string{"GPL-2.0-only"}}, Allowed, "WITH Classpath-exception-2.0 is allowed"},
		{"allowed with the exception alone", "GPL-2.0-only", Rules{Allow: []string{"GPL-2.0-only WITH Classpath-exception-2.0"}}, Denied, "not among"},
		{"denied with any exception", "GPL-2.0-only WITH Classpath-exception-2.0", Rules{Deny: []string{"GPL-2.0-only"}}, Denied, "is denied"},
		{"denied but for the pair", "GPL-2.0-only WITH Classpath-exception-2.0", Rules{Allow: []string{"GPL-2.0-only WITH Classpath-exception-2.0"}, Deny: []string{"GPL-2.0-only"}}, Allowed, "is allowed"},
		{"another exception than the pair", "GPL-2.0-only WITH Font-exception-2.0", Rules{Allow: []string{"GPL-2.0-only WITH Classpath-exception-2.0"}, Deny: []string{"GPL-2.0-only"}}, Denied, "is denied"},
		{"the pair is denied", "GPL-2.0-only WITH Font-exception-2.0", Rules{Allow: []string{"GPL-2.0-only"}, Deny: []string{"GPL-2.0-only WITH Font-exception-2.0"}}, Denied, "is denied"},
		{"an outdated id with an exception", "GPL-2.0-with-classpath-exception", Rules{Allow: []string{"GPL-2.0-only WITH Classpath-exception-2.0"}}, Allowed, "is allowed"},
		{"an unknown exception", "GPL-2.0-only WITH Nice-exception", Rules{}, Unknown, "no exception"},

		{"rules that are none", "MIT", Rules{Allow: []string{"MTI"}}, Unknown, "allow"},
		{"an open bracket", "(MIT", Rules{}, Unknown, "not closed"},
		{"nothing beside OR", "MIT OR", Rules{}, Unknown, "missing"},
		{"two beside each other", "MIT ISC", Rules{}, Unknown, "no SPDX expression"},
		{"too long", strings.Repeat("MIT AND ", 2000) + "MIT", Rules{}, Unknown, "bytes"},
		{"too deep", strings.Repeat("(", 100) + "MIT" + strings.Repeat(")", 100), Rules{}, Unknown, "brackets"},
		{"many choices cost little", strings.Repeat("(MIT OR ISC) AND ", 200) + "MIT", permissive, Allowed, "MIT is allowed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, why := Judge(strings.Split(test.stated, "|"), test.rules)
			if got != test.want || !strings.Contains(why, test.why) {
				t.Errorf("%s: %s; want %s: %s", got, why, test.want, test.why)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	for _, rule := range []string{"MIT", "mit", "GPL-2.0", "GPL-2.0+", "GPL-2.0-or-later", "LicenseRef-acme", "GPL-2.0-only WITH Classpath-exception-2.0"} {
		if err := (Rules{Allow: []string{rule}, Deny: []string{rule}}).Check(); err != nil {
			t.Errorf("%s: %v", rule, err)
		}
	}
	tests := []struct{ rule, want string }{
		{"Apache2.0", "is Apache-2.0 meant?"},
		{"Apache 2.0", "its id is Apache-2.0"},
		{"Apach-2.0", "is Apache-2.0 meant?"},
		{"ISCL", "is ISC meant?"},
		{"GPL-3.0-onyl", "is GPL-3.0-only meant?"},
		{"something else entirely", "is no licence that SPDX knows"},
		{"MIT OR ISC", "name each by itself"},
		{"GPL-2.0-only WITH Classpath", "no exception"},
		{"", "is no licence"},
		{strings.Repeat("a", 5000), "is no licence"},
	}
	for _, test := range tests {
		if err := (Rules{Deny: []string{"MIT", test.rule}}).Check(); err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "deny: ") {
			t.Errorf("%.40q: %v; want %q", test.rule, err, test.want)
		}
	}
}

func TestValid(t *testing.T) {
	for text, want := range map[string]bool{
		"MIT": true, "MIT OR (ISC AND Zlib)": true, "LicenseRef-a": true, "MIT License": false, "BSD": false, "": false, "MIT AND Whatever": false,
	} {
		if got := Valid(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func FuzzJudge(f *testing.F) {
	for _, text := range []string{"MIT OR ISC", "(MIT AND GPL-2.0+) OR LicenseRef-a", "GPL-2.0-only WITH Classpath-exception-2.0", "MIT/ISC"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_ = Rules{Allow: []string{text}}.Check()
		open, _ := Judge([]string{text}, Rules{})
		if denied, why := Judge([]string{text}, Rules{Allow: []string{"LicenseRef-none"}}); denied == Allowed && !strings.Contains(text, "LicenseRef-") {
			t.Errorf("%q is allowed where nothing is: %s", text, why)
		}
		if Valid(text) && !strings.Contains(text, "LicenseRef-") && open != Allowed {
			t.Errorf("%q is valid, and %s where nothing is denied", text, open)
		}
	})
}
