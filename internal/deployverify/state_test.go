package deployverify

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestStateAdd(t *testing.T) {
	var s state
	production, staging := service{"production", "https://shop.example/version"}, service{"staging", "https://shop.example/version"}
	s.add(production, verified{"1.4.0", "a", epoch})
	s.add(staging, verified{"1.5.0", "b", epoch})
	s.add(production, verified{"1.4.1", "c", epoch.Add(time.Hour)})
	s.add(production, verified{"1.4.0", "a", epoch.Add(2 * time.Hour)}) // rolled back to, and verified again
	s.add(production, verified{"1.4.0", "other", epoch.Add(3 * time.Hour)})
	got := fmt.Sprint(s.of(production), s.of(staging), s.of(service{"", production.URL}))
	want := fmt.Sprint(
		[]verified{{"1.4.1", "c", epoch.Add(time.Hour)}, {"1.4.0", "a", epoch.Add(2 * time.Hour)}, {"1.4.0", "other", epoch.Add(3 * time.Hour)}},
		[]verified{{"1.5.0", "b", epoch}}, []verified(nil))
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	for n := range 50 {
		s.add(production, verified{fmt.Sprintf("2.%d.0", n), "d", epoch})
	}
	if all := s.of(production); len(all) != keptVerified || all[len(all)-1].Version != "2.49.0" {
		t.Errorf("it keeps %d, the last %+v", len(all), all[len(all)-1])
	}
}

func TestParseState(t *testing.T) {
	var s state
	s.Schema = stateSchema
	s.add(service{"production", "https://shop.example/version"}, verified{"1.4.0", "a", epoch})
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := parseState(text, epoch); err != nil || fmt.Sprint(again) != fmt.Sprint(s) {
		t.Errorf("%+v, %v", again, err)
	}
	for text, why := range map[string]string{
		"":                      "no state file",
		"1.4.0":                 "no state file",
		"{}":                    `schema is ""`,
		`{"schema":"other/v1"}`: `schema is "other/v1"`,
		`{"schema":"slipway.verify-state/v1","more":1}`:                                                                     "unknown field",
		`{"schema":"slipway.verify-state/v1"} {}`:                                                                           "text follows",
		`{"schema":"slipway.verify-state/v1","services":[{"verified":[{"version":"","at":"2026-01-01T00:00:00Z"}]}]}`:       "needs a printable version",
		`{"schema":"slipway.verify-state/v1","services":[{"verified":[{"version":"1\n2","at":"2026-01-01T00:00:00Z"}]}]}`:   "needs a printable version",
		`{"schema":"slipway.verify-state/v1","services":[{"verified":[{"version":"1.4.0"}]}]}`:                              "and a time",
		`{"schema":"slipway.verify-state/v1","services":[{"verified":[{"version":"1.4.0","at":"yesterday"}]}]}`:             "no state file",
		`{"schema":"slipway.verify-state/v1","services":[{"verified":[{"version":"1.4.0","at":"2026-01-01T00:00:00Z"}]}]`:   "no state file",
		`{"schema":"slipway.verify-state/v1","services":[{"verified":[{"version":"1.4.0","at":"2026-01-01T00:00:00Z"}]}]}]`: "text follows",
	} {
		if _, err := parseState([]byte(text), epoch); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
