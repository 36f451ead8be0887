package chart_test

import (
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/chart"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var (
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	none = math.NaN()
)

func minutes(n int) []time.Time {
	all := make([]time.Time, n)
	for i := range all {
		all[i] = noon.Add(time.Duration(i+1) * time.Minute)
	}
	return all
}

// wave is a line around a middle, the same each time.
func wave(n int, middle, height float64) []float64 {
	all := make([]float64, n)
	for i := range all {
		all[i] = middle + height*math.Sin(float64(i)*1.7) + height/2*math.Sin(float64(i)*0.37)
	}
	return all
}

func harm() chart.Chart {
	canary, baseline := wave(30, 4.8, 1), wave(30, 0.5, 0.2)
	canary[11], canary[12], canary[20] = none, none, none
	return chart.Chart{
		Title: "5xx of checkout", Unit: "%", X: minutes(30), Limit: 1,
		Series: []chart.Series{{Name: "1.5.0", Values: canary, Role: chart.Canary}, {Name: "1.4.2", Values: baseline, Role: chart.Baseline}},
		Marks:  []chart.Mark{{At: noon.Add(3 * time.Minute), Text: "harm shown"}, {At: noon.Add(28 * time.Minute), Text: "traffic 25%"}},
	}
}

func evidence() chart.Chart {
	values := make([]float64, 30)
	for i := range values {
		values[i] = math.Pow(10, float64(i)*0.4-0.5)
	}
	return chart.Chart{Title: "evidence of harm", X: minutes(30), Limit: 100, LimitName: "harm", Log: true, Series: []chart.Series{{Name: "1.5.0", Values: values, Role: chart.Canary}}}
}

func single(limit float64, values ...float64) chart.Chart {
	return chart.Chart{Title: "t", Unit: "ms", X: minutes(len(values)), Limit: limit, Series: []chart.Series{{Name: "1.5.0", Values: values, Role: chart.Canary}}}
}

// cases are charts that have something of their own; their names are those of goldens.
func cases() map[string]chart.Chart {
	day := chart.Chart{Title: "p95 of search", Unit: "ms", X: minutes(1440), Limit: none, Series: []chart.Series{
		{Name: "2.0.0-rc.1+build.77", Values: wave(1440, 310, 40), Role: chart.Canary}, {Name: "1.9.9", Values: wave(1440, 300, 40), Role: chart.Baseline}}}
	day.Series[0].Values[777] = 900
	hostile := harm()
	hostile.Title = `"</title><script>alert(1)</script>` + "\n%%{init: {}}%%"
	hostile.Unit, hostile.LimitName = "<b>\"", "]]>&\u202e"
	hostile.Series[0].Name, hostile.Series[1].Name = "a\x00<img src=x onerror=alert(1)>", "日本語日本語日本語日本語"
	hostile.Marks[0].Text = `"onload="alert(1)`
	huge := single(1e300, -1e300, 1e300, math.MaxFloat64, math.Inf(1), math.Inf(-1), none, 0)
	return map[string]chart.Chart{
		"harm": harm(), "evidence": evidence(), "day": day, "hostile": hostile, "huge": huge,
		"empty": single(none), "nothing": single(5, none, none), "one": single(none, 7), "constant": single(none, 3, 3, 3),
		"negative": single(-2, -5, -3, -4), "small": single(none, 1e-9, 3e-9), "far": single(none, 100000, 100001, 100002),
	}
}

func TestGoldens(t *testing.T) {
	for name, c := range cases() {
		mermaid, legend := c.Mermaid()
		for file, got := range map[string]string{
			name + ".svg": strings.Replace(c.SVG(name), "\n", "\n<style>"+chart.Style+"</style>\n", 1),
			name + ".txt": mermaid + "\n" + legend + "\n\n" + c.Sentence() + "\n" + strings.Join(c.Sparks(40), "\n") + "\n",
		} {
			path := filepath.Join("testdata", file)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s: -want +got\n%s", file, diff)
			}
		}
	}
}

// place is a number in a picture's geometry; it is never a word such as NaN.
var (
	geometry = regexp.MustCompile(`(?s) (?:d|x|y|cx|cy)="([^"]*)"`)
	drawable = regexp.MustCompile(`^[MLHVhvlz0-9. -]*$`)
	numeral  = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
)

// sound holds what is true of every chart, whatever it shows.
func sound(t *testing.T, c chart.Chart) {
	t.Helper()
	svg := c.SVG("c1")
	text := wellFormed(t, svg)
	for _, place := range geometry.FindAllStringSubmatch(svg, -1) {
		if !drawable.MatchString(place[1]) {
			t.Fatalf("geometry %q", place[1])
		}
	}
	for _, control := range []string{"\x00", "\u202e", "\u2066"} {
		if strings.Contains(text, control) {
			t.Fatalf("%q is shown", control)
		}
	}
	if points := strings.Count(svg, "L"); points > 6*400 {
		t.Fatalf("%d points", points)
	}
	mermaid, legend := c.Mermaid()
	if mermaid != "" {
		mermaidSound(t, mermaid)
	}
	for _, line := range append(c.Sparks(40), legend, c.Sentence()) {
		if strings.ContainsAny(line, "\n\r\x00\x1b") {
			t.Fatalf("%q is not one printable line", line)
		}
	}
}

// wellFormed reads the picture as strictly as XML is read, and gives its text.
func wellFormed(t *testing.T, svg string) string {
	t.Helper()
	allowed := map[string]bool{"svg": true, "title": true, "desc": true, "path": true, "text": true, "circle": true}
	var text strings.Builder
	for dec := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := dec.Token()
		if err == io.EOF {
			return text.String()
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if !allowed[token.Name.Local] {
				t.Fatalf("element %s", token.Name.Local)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "style" {
					t.Fatalf("attribute %s", a.Name.Local)
				}
			}
		case xml.CharData:
			text.Write(token)
		}
	}
}

// mermaidSound holds that the text has the lines that it should have and nothing that a name brought in.
func mermaidSound(t *testing.T, mermaid string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(mermaid, "\n"), "\n")
	quoted := `"[^"` + "`" + `;#{}<>&]*"`
	for i, line := range lines {
		form := `^    line \[(.*)\]$`
		switch {
		case i == 0:
			form = `^%%\{init: \{"themeVariables": \{"xyChart": \{"plotColorPalette": "[#0-9a-f, ]+"\}\}\}\}%%$`
		case i == 1:
			form = `^xychart-beta$`
		case strings.HasPrefix(line, "    title"):
			form = `^    title ` + quoted + `$`
		case strings.HasPrefix(line, "    x-axis"):
			form = `^    x-axis ` + quoted + ` 0 --> [0-9.]+$`
		case strings.HasPrefix(line, "    y-axis"):
			form = `^    y-axis (` + quoted + ` )?-?[0-9.]+ --> -?[0-9.]+$`
		}
		found := regexp.MustCompile(form).FindStringSubmatch(line)
		if found == nil || i > 0 && strings.Contains(line, "%%") {
			t.Fatalf("line %d: %q", i, line)
		}
		if strings.HasPrefix(line, "    line") {
			values := strings.Split(found[1], ", ")
			if len(values) < 2 || len(values) > 60 {
				t.Fatalf("%d values", len(values))
			}
			for _, v := range values {
				if !numeral.MatchString(v) {
					t.Fatalf("value %q", v)
				}
			}
		}
	}
}

func TestSound(t *testing.T) {
	for name, c := range cases() {
		t.Run(name, func(t *testing.T) { sound(t, c) })
	}
	random := rand.New(rand.NewPCG(1, 2))
	odd := []float64{none, math.Inf(1), math.Inf(-1), 0, -1, 1e300, -1e300, 5e-324, math.MaxFloat64, 1, 100, 1e15}
	value := func() float64 {
		if random.IntN(3) == 0 {
			return odd[random.IntN(len(odd))]
		}
		return random.NormFloat64() * math.Pow(10, float64(random.IntN(20)-8))
	}
	for range 2000 {
		c := chart.Chart{Title: "t", Unit: "ms", Limit: value(), Log: random.IntN(2) == 0}
		at := noon
		for range random.IntN(500) {
			at = at.Add(time.Duration(random.Int64N(int64(1+time.Hour)<<random.IntN(10)) - int64(random.IntN(2))))
			c.X = append(c.X, at)
		}
		for k := range random.IntN(8) {
			s := chart.Series{Name: fmt.Sprint(k), Role: []chart.Role{chart.Canary, chart.Baseline, chart.Limit, "", "x\""}[random.IntN(5)]}
			for range max(0, len(c.X)+random.IntN(3)-1) {
				s.Values = append(s.Values, value())
			}
			c.Series = append(c.Series, s)
		}
		c.Marks = []chart.Mark{{At: at, Text: "end"}, {At: noon.AddDate(9999, 0, 0), Text: "never"}}
		sound(t, c)
	}
}

func FuzzChart(f *testing.F) {
	f.Add("5xx", "%", "1.5.0", "harm", 1.0, 2.0, 3.0, int64(60), false)
	f.Add("</title>%%{", "\"", "\x00\u202e", "`;#", none, math.Inf(1), -1e300, int64(math.MaxInt64), true)
	f.Fuzz(func(t *testing.T, title, unit, name, mark string, limit, a, b float64, seconds int64, log bool) {
		c := chart.Chart{Title: title, Unit: unit, Limit: limit, LimitName: name, Log: log, Marks: []chart.Mark{{At: noon, Text: mark}}}
		c.X = []time.Time{noon, time.Unix(seconds, 0), time.Unix(seconds, 5)}
		c.Series = []chart.Series{{Name: name, Values: []float64{a, b, limit}, Role: chart.Canary}, {Name: title, Values: []float64{b}}}
		sound(t, c)
	})
}

// A spike of one slot in a day is seen in every form, and so is a gap in the SVG.
func TestExtremesAreKept(t *testing.T) {
	values := wave(5000, 10, 1)
	values[3333], values[1234] = 5000, -700
	for i := 2000; i < 2300; i++ {
		values[i] = none
	}
	c := single(none, values...)
	svg := c.SVG("x")
	mermaid, _ := c.Mermaid()
	if !strings.Contains(mermaid, " 5000,") || !strings.Contains(mermaid, " -700,") {
		t.Errorf("Mermaid lost an extreme:\n%s", mermaid)
	}
	line := regexp.MustCompile(`class="canary line" d="([^"]*)"`).FindStringSubmatch(svg)
	if line == nil || strings.Count(line[1], "M") != 2 {
		t.Errorf("want a line in two parts, got %v", line)
	}
	if points := strings.Count(line[1], "L") + strings.Count(line[1], "M"); points > 400 || points < 200 {
		t.Errorf("%d points", points)
	}
	var heights []float64
	for _, place := range regexp.MustCompile(`[ML]\S+ ([0-9.]+)`).FindAllStringSubmatch(line[1], -1) {
		y, _ := strconv.ParseFloat(place[1], 64)
		heights = append(heights, y)
	}
	slices.Sort(heights)
	if n := len(heights); heights[1]-heights[0] < 100 || heights[n-1]-heights[n-2] < 15 {
		t.Errorf("the extremes do not stand out: %v", heights)
	}
	if spark := c.Sparks(60)[0]; !strings.ContainsAny(spark, "▇█") || !strings.Contains(spark, "·") {
		t.Errorf("sparks %q lost the highest or the gap", spark)
	}
}

func TestNumber(t *testing.T) {
	for _, tc := range []struct {
		v          float64
		unit, want string
	}{
		{0, "", "0"}, {math.Copysign(0, -1), "", "0"}, {0.4, "%", "0.4%"}, {1234.4, "ms", "1,234 ms"}, {-1234567, "", "-1,234,567"}, {12.34, "", "12.3"}, {99.96, "", "100"},
		{1e300, "", "1e300"}, {1.26e12, "B", "1.26e12 B"}, {1e-9, "s", "1e-9 s"}, {0.00123, "", "0.00123"}, {none, "%", "none"}, {math.Inf(1), "", "beyond every bound"},
	} {
		if got := chart.Number(tc.v, tc.unit); got != tc.want {
			t.Errorf("Number(%v, %q) is %q, want %q", tc.v, tc.unit, got, tc.want)
		}
	}
}

func TestSentence(t *testing.T) {
	for name, want := range map[string]string{
		"empty":   "1.5.0: no numbers.",
		"one":     "1.5.0: 7 ms, once; 2026-03-01 12:01 to 2026-03-01 12:01 UTC.",
		"nothing": "1.5.0: no numbers; limit: 5 ms; 2026-03-01 12:01 to 2026-03-01 12:02 UTC.",
		"harm": "1.5.0: least 3.38%, most 6.18%, last 3.5% (3 of 30 have no number); 1.4.2: least 0.216%, most 0.776%, last 0.239%; limit: 1%; " +
			"12:03:00 harm shown; 12:28:00 traffic 25%; 2026-03-01 12:01 to 2026-03-01 12:30 UTC.",
	} {
		if got := cases()[name].Sentence(); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
	many := single(none, 1, 2)
	for range 9 {
		many.Series = append(many.Series, many.Series[0])
	}
	if got := many.Sentence(); !strings.Contains(got, "4 more are not drawn") {
		t.Errorf("got %s", got)
	}
}
