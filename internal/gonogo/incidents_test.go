package gonogo

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
)

// TestIncidents holds that only whole answers to every label give a number of incidents; without labels
// nothing is asked.
func TestIncidents(t *testing.T) {
	const seven = `[{"id":1,"number":7,"state":"open","labels":[{"name":"sev1"},{"name":"sev2"}]}]`
	for name, tt := range map[string]struct {
		labels  []string
		answers map[string]string // by label; the status where it is no JSON
		status  int               // of sev2
		want    []int
		known   bool
	}{
		"no labels":           {nil, nil, 200, nil, true},
		"none":                {[]string{"sev1", "sev2"}, map[string]string{"sev1": `[]`, "sev2": `[]`}, 200, nil, true},
		"one with two labels": {[]string{"sev1", "sev2"}, map[string]string{"sev1": seven, "sev2": seven}, 200, []int{7}, true},
		"half":                {[]string{"sev1", "sev2"}, map[string]string{"sev1": seven, "sev2": `{"message":"no"}`}, 403, nil, false},
		"not found":           {[]string{"sev2"}, map[string]string{"sev2": `{"message":"no"}`}, 404, nil, false},
		"unprocessable":       {[]string{"sev2"}, map[string]string{"sev2": `{"message":"no"}`}, 422, nil, false},
		"HTML":                {[]string{"sev2"}, map[string]string{"sev2": `<html>`}, 200, nil, false},
		"errors with 200":     {[]string{"sev2"}, map[string]string{"sev2": `{"errors":[{"message":"no"}]}`}, 200, nil, false},
		"nothing":             {[]string{"sev2"}, map[string]string{"sev2": `null`}, 200, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked++
				label := r.URL.Query().Get("labels")
				if label == "sev2" {
					w.WriteHeader(tt.status)
				}
				io.WriteString(w, tt.answers[label])
			}))
			defer server.Close()
			client, err := github.New(github.Options{APIURL: server.URL, Token: "t"})
			if err != nil {
				t.Fatal(err)
			}
			e := changed()
			e.Gate.Risk = &policy.Risk{Incidents: tt.labels}
			collector{&action.World{GitHub: client}, e.inputs}.incidents(t.Context(), &e)
			if r := knownOf(e).risk; r.known != tt.known || !slices.Equal(e.Incidents.Numbers, tt.want) || asked != len(tt.labels) {
				t.Errorf("%v of %d requests, known %v: %+v", e.Incidents.Numbers, asked, r.known, e.Incidents.Problem)
			}
		})
	}
}
