package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/runner"
)

// recordLimit is the most bytes of a result document that is decided again.
const recordLimit = 256 << 20

// again makes recorded decisions once more, offline. It writes no file.
func again(a action.Action, l local, records []string, p process) int {
	fail := failing(a, p)
	switch {
	case l.simulate != "" && (l.explain != "" || l.replay != ""):
		return fail(exitCaller, "--simulate goes with neither --replay nor --explain; name the records behind it")
	case l.simulate != "" && len(records) == 0:
		return fail(exitCaller, "--simulate wants the result files of past decisions, such as: slipway %s --simulate new-policy.yml records/*.json", a.Name)
	case l.simulate != "":
		return simulate(a, l, records, p, fail)
	}
	text, err := readRecord(l.replay)
	if err != nil {
		return fail(exitCaller, "--replay %s: %v", l.replay, err)
	}
	made, err := decideAgain(a, text, nil)
	if err != nil {
		return fail(exitCaller, "--replay %s: %v", l.replay, err)
	}
	if l.explain != "" {
		return explain(made, l.explain, exitCodes[made.Verdict], p, fail)
	}
	doc, err := replayed(text, made.Outcome)
	if err != nil {
		return fail(exitUndecided, "%v", err)
	}
	same := bytes.Equal(bytes.TrimSpace(text), doc)
	showAgain(a.Name, l, made.Outcome, doc, same, p)
	if !same {
		return fail(exitUndecided, "the decision made again is not the recorded one, byte for byte. %s", difference(bytes.TrimSpace(text), doc))
	}
	return exitCodes[made.Verdict]
}

// decideAgain is the action's Again. A record may come from anywhere, and one that it stumbles over is
// refused like any other that is broken.
func decideAgain(a action.Action, record []byte, other *policy.Policy) (made action.Again, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the evidence in the result does not add up: %v", r)
		}
	}()
	return a.Again(record, other)
}

// explain prints why a criterion came out as it did, and ends as the decision did.
func explain(made action.Again, criterion string, code int, p process, fail failure) int {
	text, err := made.Explain(criterion)
	if err != nil {
		return fail(exitCaller, "--explain: %v", err)
	}
	io.WriteString(p.stdout, runner.Harmless(text))
	return code
}

// explainNow is explain for a decision of this very run.
func explainNow(a action.Action, doc result.Document, criterion string, code int, p process) int {
	fail := failing(a, p)
	text, err := doc.Encode()
	if err != nil {
		return fail(exitUndecided, "%v", err)
	}
	made, err := a.Again(text, nil)
	if err != nil { // the run ended before anything was decided, and has said why
		return fail(code, "%s", doc.Sentence)
	}
	return explain(made, criterion, code, p, fail)
}

// failure says what is wrong, and returns the exit code that goes with it.
type failure = func(code int, format string, args ...any) int

func failing(a action.Action, p process) failure {
	return func(code int, format string, args ...any) int {
		fmt.Fprintln(p.stderr, runner.Harmless(fmt.Sprintf("slipway %s: "+format, append([]any{a.Name}, args...)...)))
		return code
	}
}

// replayed is the document of a decision made again: what the frame knew comes from the record.
func replayed(record []byte, o action.Outcome) ([]byte, error) {
	doc, err := result.Decode(record)
	if err != nil {
		return nil, err
	}
	was := doc.Subject
	doc.Subject, doc.Verdict, doc.Sentence, doc.Findings, doc.Data = o.Subject, o.Verdict, o.Sentence, o.Findings, o.Data
	for _, f := range []struct{ to, from *string }{
		{&doc.Subject.Repository, &was.Repository}, {&doc.Subject.SHA, &was.SHA}, {&doc.Subject.Ref, &was.Ref}, {&doc.Subject.Version, &was.Version},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	return doc.Encode()
}

func showAgain(name string, l local, o action.Outcome, doc []byte, same bool, p process) {
	host := runner.NewTerminal(p.stdout, p.stderr, l.json)
	page := report.Page{report.Heading{Level: 2, Text: report.T(headings[o.Verdict] + " " + name + ": " + o.Sentence)}}
	if same {
		page = append(page, report.Paragraph{Text: report.T("Decided again from the record: the same, byte for byte.")})
	}
	host.Summary(append(page, o.Page...))
	host.Output("result", string(doc))
	for _, output := range o.Outputs {
		host.Output(output.Name, output.Value)
	}
	host.Close("")
}

// difference shows where two documents part.
func difference(a, b []byte) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	around := func(text []byte) string { return string(text[max(0, n-30):min(len(text), n+50)]) }
	return fmt.Sprintf("They part at byte %d: the record has …%s…, this release …%s… .", n, around(a), around(b))
}

func readRecord(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a named pipe would wait for a writer
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("it is no regular file")
	}
	text, err := io.ReadAll(io.LimitReader(f, recordLimit+1))
	if err == nil && len(text) > recordLimit {
		err = fmt.Errorf("it is larger than %d MB", recordLimit>>20)
	}
	return text, err
}

// simulate shows what another policy would have decided on past records.
func simulate(a action.Action, l local, records []string, p process, fail failure) int {
	source, err := readRecord(l.simulate)
	if err != nil {
		return fail(exitCaller, "--simulate %s: %v", l.simulate, err)
	}
	other, err := policy.Parse(l.simulate, source)
	if err != nil {
		return fail(exitCaller, "the policy is wrong: %v", err)
	}
	table := report.Table{Header: []string{"Record", "Decided", "Was", "Would be", "Because"}}
	changed, unread := 0, 0
	for _, path := range records {
		was, would, err := underBoth(a, path, other)
		if err != nil {
			unread++
			table.Rows = append(table.Rows, []report.Text{report.Code(filepath.Base(path)), nil, report.T("not read"), nil, report.T(err.Error())})
			continue
		}
		because := ""
		if was.decision != would.decision {
			changed++
			because = would.reasons
			if because == "" {
				because = "no longer: " + was.reasons
			}
		}
		table.Rows = append(table.Rows, []report.Text{report.Code(filepath.Base(path)), report.T(was.at), report.T(was.decision), report.T(would.decision), report.T(because)})
	}
	page := report.Page{
		report.Heading{Level: 2, Text: report.T(fmt.Sprintf("%d of %s would be another under %s.", changed, report.Count(len(records)-unread, "decision"), filepath.Base(l.simulate)))},
		table,
		report.Paragraph{Text: report.T("Only what was recorded can be judged: what the other policy asks for and nobody read then is unknown, and so a no-go.")},
	}
	runner.NewTerminal(p.stdout, p.stderr, false).Summary(page)
	if unread > 0 {
		return fail(exitUndecided, "%s could not be read", report.Count(unread, "record"))
	}
	return exitPass
}

// past is one decision as a simulation shows it.
type past struct{ decision, reasons, at string }

func underBoth(a action.Action, path string, other policy.Policy) (was, would past, err error) {
	text, err := readRecord(path)
	if err != nil {
		return was, would, err
	}
	own, err := decideAgain(a, text, nil)
	if err != nil {
		return was, would, err
	}
	made, err := decideAgain(a, text, &other)
	if err != nil {
		return was, would, err
	}
	doc, err := result.Decode(text)
	if err != nil {
		return was, would, err
	}
	of := func(o action.Outcome) past {
		return past{o.Output("decision"), o.Output("reasons"), doc.FinishedAt.UTC().Format(time.RFC3339)}
	}
	return of(own.Outcome), of(made.Outcome), nil
}
