package chart_test

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/chart"
)

// drawnBar is where a bar of a picture begins and ends.
type drawnBar struct {
	class      string
	begin, end float64
}

var barPath = regexp.MustCompile(`<path class="(\w*) bar" d="M([-\d.]+) [-\d.]+H([-\d.]+)v`)

func barsOf(t *testing.T, svg string) []drawnBar {
	t.Helper()
	for dec := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("no XML: %v\n%s", err, svg)
		}
	}
	var bars []drawnBar
	for _, found := range barPath.FindAllStringSubmatch(svg, -1) {
		begin, _ := strconv.ParseFloat(found[2], 64)
		end, _ := strconv.ParseFloat(found[3], 64)
		bars = append(bars, drawnBar{found[1], begin, end})
	}
	return bars
}

func bar(name string, began, ended time.Time, o chart.Outcome) chart.Bar {
	return chart.Bar{Name: name, Began: began, Ended: ended, Outcome: o, Sentence: "done"}
}

func TestTimelineDrawsRuns(t *testing.T) {
	line := chart.Timeline{Title: "Runs", Bars: []chart.Bar{
		bar("long", noon, noon.Add(time.Hour), chart.Good),
		bar("short", noon.Add(time.Hour), noon.Add(time.Hour+time.Second), chart.Bad),
		bar("last", noon.Add(time.Hour), noon.Add(2*time.Hour), ""),
	}}
	got := barsOf(t, line.SVG("t"))
	if len(got) != 3 {
		t.Fatalf("%d bars", len(got))
	}
	for i, class := range []string{"good", "bad", "open"} {
		if got[i].class != class {
			t.Errorf("bar %d looks like %s, want %s", i, got[i].class, class)
		}
	}
	if a, b := got[0], got[2]; a.begin >= a.end || a.end > b.begin+0.2 || a.end-a.begin < (b.end-b.begin)*0.98 || a.end-a.begin > (b.end-b.begin)*1.02 {
		t.Errorf("an hour and the next are drawn as %v and %v", a, b)
	}
	if got[1].end-got[1].begin < 2.9 {
		t.Errorf("a second of two hours cannot be seen: %v", got[1])
	}
	if s := line.Sentence(); s != "2026-03-01 12:00:00 to 2026-03-01 14:00:00 UTC: long done; short done; last done." {
		t.Error(s)
	}
}

// Times come from documents that anybody may have written.
func TestTimelineOfOddTimes(t *testing.T) {
	far := time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC)
	for name, bars := range map[string][]chart.Bar{
		"none": nil, "one moment": {bar("a", noon, noon, chart.Good)}, "no beginning": {bar("a", time.Time{}, noon, chart.Good), bar("b", noon, noon.Add(time.Minute), chart.Good)},
		"backwards": {bar("a", noon.Add(time.Hour), noon, chart.Bad)}, "for ever": {bar("a", time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC), far, chart.Good), bar("b", noon, noon, chart.Good)},
		"years 0": {bar("a", time.Time{}, time.Time{}, chart.Good)}, "less than a second": {bar("a", noon, noon.Add(time.Millisecond), chart.Good)},
	} {
		for _, b := range barsOf(t, chart.Timeline{Title: name, Bars: bars}.SVG("t")) {
			if !(b.begin >= 0 && b.begin < b.end && b.end <= 360) {
				t.Errorf("%s: drawn from %v to %v", name, b.begin, b.end)
			}
		}
	}
	// What has no length is not given one: with its beginning unknown it is a mark at its end.
	got := barsOf(t, chart.Timeline{Bars: []chart.Bar{bar("a", time.Time{}, noon.Add(time.Hour), ""), bar("b", noon.Add(3*time.Hour), noon.Add(2*time.Hour), ""), bar("c", noon, noon.Add(4*time.Hour), "")}}.SVG("t"))
	for _, b := range got[:2] {
		if b.end-b.begin > 3.2 {
			t.Errorf("a moment is drawn from %v to %v", b.begin, b.end)
		}
	}
	if whole := got[2]; got[1].begin > (whole.begin+whole.end)/2 || got[1].end < (whole.begin+whole.end)/2 {
		t.Errorf("what ended in the middle is drawn from %v to %v of %v", got[1].begin, got[1].end, whole)
	}
}

func TestTimelineHostileNames(t *testing.T) {
	for _, s := range []string{`"><script>alert(1)</script>`, "</svg>", "a\x00b\u202ec", strings.Repeat("W", 3000), "\xff\xfe", "]]>", "&lt;"} {
		line := chart.Timeline{Title: s, Bars: []chart.Bar{{Name: s, Sentence: s, Outcome: chart.Outcome(s), Ended: noon}}}
		svg := line.SVG("t")
		if len(barsOf(t, svg)) != 1 || strings.Contains(svg, "<script") || strings.ContainsAny(svg+line.Sentence(), "\x00\u202e") {
			t.Errorf("%q: %s", s, svg)
		}
		if len(svg) > 20_000 {
			t.Errorf("%q makes %d bytes", s[:10], len(svg))
		}
	}
}

func TestTimelineHasAnEnd(t *testing.T) {
	var line chart.Timeline
	for range 1000 {
		line.Bars = append(line.Bars, bar("x", noon, noon.Add(time.Minute), chart.Good))
	}
	if n := len(barsOf(t, line.SVG("t"))); n != 40 {
		t.Errorf("%d bars", n)
	}
	if !strings.HasSuffix(line.Sentence(), "960 more are not drawn.") {
		t.Error(line.Sentence())
	}
}
