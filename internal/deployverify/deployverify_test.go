package deployverify

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/slipway-actions/slipway"
	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/runner"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// A run that is cancelled ends at once, in the midst of a request too, and hands on a decision.
func TestCancelledRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; asked == 2 {
			cancel()
			<-r.Context().Done()
		}
		io.WriteString(w, "1.5.0")
	}))
	defer server.Close()
	started := time.Now()
	o, dir := perform(t, ctx, map[string]string{"url": server.URL, "expected-version": "1.5.0", "interval": "10ms"})
	if took := time.Since(started); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
	if o.Verdict != verdict.Unknown {
		t.Errorf("the verdict is %s", o.Verdict)
	}
	got := map[string]string{}
	for _, output := range o.Outputs {
		got[output.Name] = output.Value
	}
	if got["decision"] != hold || got["reason"] != "the run was cancelled after 1 look, of which 1 succeeded" || got["rollback-to"] != "" || got["next-check"] == "" || got["state-file"] != defaultState {
		t.Errorf("the outputs are %v", got)
	}
	if _, err := os.Stat(dir + "/" + defaultState); err == nil {
		t.Error("it noted a version as verified")
	}
}

// A decision that cannot be kept is not handed on as a pass.
func TestStateCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		os.MkdirAll(dir+"/state.json", 0o755) // it was read by now
		io.WriteString(w, "1.5.0")
	}))
	defer server.Close()
	in, w := surroundings(t, dir, map[string]string{"url": server.URL, "expected-version": "1.5.0", "interval": "10ms", "state-file": "state.json"})
	o, err := Action.Run(t.Context(), w, in)
	var unknown *action.UnknownError
	if !errors.As(err, &unknown) || unknown.Next == "" {
		t.Errorf("it ends with %s, %v", o.Verdict, err)
	}
}

func perform(t *testing.T, ctx context.Context, given map[string]string) (o action.Outcome, dir string) {
	t.Helper()
	dir = t.TempDir()
	in, w := surroundings(t, dir, given)
	o, err := Action.Run(ctx, w, in)
	if err != nil {
		t.Fatal(err)
	}
	return o, dir
}

func surroundings(t *testing.T, dir string, given map[string]string) (*action.Inputs, *action.World) {
	t.Helper()
	source, err := slipway.ActionYAML(Action.Name)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := action.ParseSpec(source)
	if err != nil {
		t.Fatal(err)
	}
	files, err := runner.OpenWorkspace(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	return action.NewInputs(spec, given), &action.World{
		Dir: dir, Files: files, Policy: policy.Default(), Now: time.Now, Log: func(string) {}, Redact: func(s string) string { return s },
		Sleep: func(ctx context.Context, d time.Duration) error { time.Sleep(d); return ctx.Err() },
	}
}
