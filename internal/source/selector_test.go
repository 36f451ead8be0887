package source

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

func TestSelectors(t *testing.T) {
	for text, want := range map[string]string{
		`up`:                                 `{__name__="up"}`,
		` a:b { job = "x" , code=~'5..', } `: `{__name__="a:b",job="x",code=~"5.."}`,
		"a{b!~`\\d+`}":                       `{__name__="a",b!~"\\d+"}`,
		`{__name__="a",b!="c"}`:              `{__name__="a",b!="c"}`,
		`a{b="\t\x41\u00e9\"\\"}`:            "{__name__=\"a\",b=\"\tAé\\\"\\\\\"}",
		`{__name__="a"}`:                     `{__name__="a"}`,
		`a{}`:                                `{__name__="a"}`,
	} {
		if s, err := parseSelector(text); err != nil || s.String() != want {
			t.Errorf("%s: %s, %v, want %s", text, s, err, want)
		}
	}
	for _, text := range []string{
		``, `{}`, `rate(a[5m])`, `sum(a)`, `sum by (x) (a)`, `a offset 5m`, `a @ 12`, `a[5m]`, `a{b="c"}[5m]`, `a or b`, `a{b="c" or d="e"}`, `a + a`, `1`, `a b`,
		`a{`, `a{b}`, `a{b="c}`, `a{b=c}`, `a{b="c",,}`, `a{b="\d"}`, `a{b="c\`, "a{b=`c}", `a{__name__="b"}`, `{__name__="a",__name__=~"b"}`, `{b="c"}`, `{__name__=~"a"}`,
	} {
		if s, err := parseSelector(text); err == nil {
			t.Errorf("%s is taken for %s", text, s)
		}
	}
}

func TestFilling(t *testing.T) {
	p := asking(t, Options{URL: "http://prom.example"})
	variables := map[string]string{"version": `1.5.0", code="200`, "plain": "1.5", "previous": "", "tick": "a`b"}
	for query, want := range map[string]string{
		`a{v="$version"}`:                      `a{v="1.5.0\", code=\"200"}`,
		`a{v='${plain}-x'}`:                    `a{v='1.5-x'}`,
		`a{v=~"$plain|x"}`:                     `a{v=~"1\\.5|x"}`,
		"a{v!~ `$plain`}":                      "a{v!~ `1\\.5`}",
		"a{v=~ # why\n\"$plain\"}":             "a{v=~ \n\"1\\\\.5\"}",
		"a # $nothing":                         "a ",
		`label_replace(a,"b","$1","c","(.*)")`: `label_replace(a,"b","$1","c","(.*)")`,
	} {
		if got, trouble := p.Fill(query, variables); trouble != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", query, got, trouble, want)
		}
	}
	for query, want := range map[string]timeseries.Name{
		`a{v=$plain}`: timeseries.BadQuery, `$plain`: timeseries.BadQuery, `a{v="$other"}`: timeseries.BadQuery,
		`a{v="$previous"}`: timeseries.Unset, "a{v=`$tick`}": timeseries.BadQuery, `a{v="x`: timeseries.BadQuery,
	} {
		if got, trouble := p.Fill(query, variables); trouble == nil || trouble.Name != want {
			t.Errorf("%s: %s, %v, want %s", query, got, trouble, want)
		}
	}
}

// A value means itself, whatever is in it.
func FuzzFill(f *testing.F) {
	for _, value := range []string{"1.5.0", `", code="200`, `\`, `\"`, "'", "$version", "${previous}", "é\xff", "a\tb", "#", ".*"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		p := &Prometheus{}
		for _, quote := range []string{`"`, `'`, "`"} {
			filled, trouble := p.Fill("a{v="+quote+"$version"+quote+"}", map[string]string{"version": value})
			if trouble != nil {
				if value != "" && !strings.ContainsAny(value, "\x00\r\n`") {
					t.Fatalf("%q is refused: %v", value, trouble)
				}
				continue
			}
			s, err := parseSelector(filled)
			if err != nil || len(s.matchers) != 1 || s.matchers[0].value != value {
				t.Fatalf("%q became %s: %v, %v", value, filled, s.matchers, err)
			}
			if again, err := parseSelector(s.String()); err != nil || again.matchers[0] != s.matchers[0] {
				t.Fatalf("%s reads back as %v, %v", s, again, err)
			}
		}
	})
}
