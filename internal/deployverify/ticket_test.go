package deployverify

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/runner"
	"github.com/slipway-actions/slipway/internal/ticket"
)

const judgedCommit = "0123456789abcdef0123456789abcdef01234567"

// TestTicketMoves goes with a ticket from the go to its end.
func TestTicketMoves(t *testing.T) {
	body := ticket.Render(ticket.Ticket{
		Marker: ticket.Marker{Commit: judgedCommit, Environment: "production", State: ticket.Approved, Decision: "go"},
		Fields: ticket.Fields{Filled: map[ticket.Field]string{ticket.Risk: "low"}, Written: map[ticket.Field]string{ticket.Notes: "Tell support."}},
	})
	state, labels := "open", []string{"change", "change: approved"}
	writes := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var sent struct {
			Body, State string
			Labels      []string
		}
		if r.Method == http.MethodPatch {
			json.NewDecoder(r.Body).Decode(&sent)
			body, labels = sent.Body, sent.Labels
			if sent.State != "" {
				state = sent.State
			}
			writes++
		}
		var named []map[string]string
		for _, l := range labels {
			named = append(named, map[string]string{"name": l})
		}
		answer, _ := json.Marshal(map[string]any{"number": 12, "state": state, "body": body, "labels": named})
		w.Write(answer)
	}))
	defer server.Close()
	client, err := github.New(github.Options{APIURL: server.URL, Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	tk := changeTicket{12, &action.World{GitHub: client, Redact: func(s string) string { return s }, Facts: runner.Facts{Repository: "acme/shop", SHA: judgedCommit, RunID: 42, ServerURL: "https://github.com"}}}
	for _, step := range []struct {
		act, said   string // "" is the beginning
		want, state string
		label       string
	}{
		{"", "", "**validating**", "open", "change: validating"},
		{hold, "it <b>hangs</b>", "hold: it &lt;b&gt;hangs&lt;/b&gt;.", "open", "change: validating"},
		{rollback, "3 looks failed", "rollback: 3 looks failed. See [the run](https://github.com/acme/shop/actions/runs/42).", "open", "change: validating"},
		{"", "", "**validating**", "open", "change: validating"},
		{promote, "3 of 3 looks in a row showed 1.5.0", "**closed**", "closed", "change: closed"},
	} {
		found := tk.deployed(t.Context())
		if step.act != "" {
			found = tk.judged(t.Context(), evidence{inputs: inputs{Stage: whole}}, decision{act: step.act, reason: step.said})
		}
		fields, m, err := ticket.Parse(body)
		if len(found) > 0 || err != nil || !strings.Contains(fields.Filled[ticket.CurrentState], step.want) || state != step.state || !slices.Contains(labels, step.label) || !slices.Contains(labels, "change") {
			t.Errorf("%s: %v, %v, %s, %s, %v:\n%s", step.act, found, err, m.State, state, labels, fields.Filled[ticket.CurrentState])
		}
		if fields.Filled[ticket.Risk] != "low" || fields.Written[ticket.Notes] != "Tell support." {
			t.Errorf("it lost a field: %v", fields)
		}
	}
	before := writes
	if found := tk.judged(t.Context(), evidence{inputs: inputs{Stage: whole}}, decision{act: promote, reason: "3 of 3 looks in a row showed 1.5.0"}); len(found) > 0 || writes != before {
		t.Errorf("the same again wrote %d times: %v", writes-before, found)
	}
	if found := tk.judged(t.Context(), evidence{inputs: inputs{Stage: whole}}, decision{act: rollback, reason: "x"}); len(found) != 1 || !strings.Contains(found[0].Observed, "in which it cannot be rolled back") {
		t.Errorf("a closed ticket was rolled back: %v", found)
	}
}
