package source

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// A value means itself wherever it stands, and nothing outside of its string.
func TestFillPromQL(t *testing.T) {
	p := &Prometheus{}
	variables := map[string]string{"version": `1.5.0`, "environment": `a"b\c`, "step": "", "service": "two\nlines", "sha": "back`quote"}
	for query, want := range map[string]string{
		`x{version="$version"}`:           `x{version="1.5.0"}`,
		`x{version='${version}'}`:         `x{version='1.5.0'}`,
		"x{version=`$version`}":           "x{version=`1.5.0`}",
		`x{version=~"v$version|old"}`:     `x{version=~"v1\\.5\\.0|old"}`,
		`x{version!~"$version"}`:          `x{version!~"1\\.5\\.0"}`,
		`x{e="$environment"}`:             `x{e="a\"b\\c"}`,
		`x{e='$environment'}`:             `x{e='a"b\\c'}`,
		`x{e="cost \\$ \"$version\""}`:    `x{e="cost \\$ \"1.5.0\""}`,
		`sum(x{v="$version"}) # $nothing`: `sum(x{v="1.5.0"}) `,
		`x{a="$Version"}`:                 `x{a="$Version"}`, // variables are of small letters; that one is a text
	} {
		got, problem := p.Fill(query, variables)
		if problem != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", query, got, problem, want)
		}
	}
	for query, want := range map[string]timeseries.Name{
		`x{version=$version}`: timeseries.BadQuery, `$version`: timeseries.BadQuery, `x{a="$nothing"}`: timeseries.BadQuery, `x{a="$step"}`: timeseries.Unset,
		`x{a="$service"}`: timeseries.BadQuery, "x{a=`$sha`}": timeseries.BadQuery, `x{a="`: timeseries.BadQuery,
	} {
		if got, problem := p.Fill(query, variables); problem == nil || problem.Name != want || got != "" {
			t.Errorf("%s: %q, %v; want %s", query, got, problem, want)
		}
	}
}

func FuzzFill(f *testing.F) {
	for _, v := range []string{"1.5.0", `1.5.0",code="200`, `\`, `"`, "'", "{}", "a\\\"b", "$version", "é\x00"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, quote := range []string{`"`, `'`} {
			got, problem := (&Prometheus{}).Fill("x{a="+quote+"$version"+quote+`,b="2"}`, map[string]string{"version": value})
			if problem != nil {
				continue
			}
			s, err := parseSelector(got)
			if err != nil || len(s.matchers) != 2 || s.matchers[0].value != value && strings.ToValidUTF8(value, "") == value && !strings.Contains(value, "\r") || s.matchers[1] != (matcher{"b", "=", "2"}) {
				t.Errorf("%q became %s: %+v, %v", value, got, s, err)
			}
		}
	})
}

func TestParseSelector(t *testing.T) {
	for text, want := range map[string]string{
		`up`: `{__name__="up"}`,
		` http_requests_total { code=~"5.." , version != "1" , } `: `{__name__="http_requests_total",code=~"5..",version!="1"}`,
		`{__name__="up",job='a'}`:                                  `{__name__="up",job="a"}`,
		`a:b{x!~"\"}"}`:                                            `{__name__="a:b",x!~"\"}"}`,
		`up{}`:                                                     `{__name__="up"}`,
	} {
		s, err := parseSelector(text)
		if err != nil || s.String() != want {
			t.Errorf("%s: %s, %v; want %s", text, s, err, want)
		}
	}
	for _, text := range []string{"", "{}", `rate(up[5m])`, `sum(up)`, `up[5m]`, `up offset 5m`, `up @ 1`, `up{a="b"} or up`, `up{a="b"`, `up{a=b}`, `up{a="b}`, `up{="b"}`, `up{a="b" c="d"}`, `{job="x"}`, `up > 1`, `-up`, `up{a>"b"}`} {
		if s, err := parseSelector(text); err == nil {
			t.Errorf("%s is taken for %s", text, s)
		}
	}
}
