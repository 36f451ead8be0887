package deployverify

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/result"
)

// facts are what earlier steps found out about the change, as far as a remedy depends on it.
type facts struct {
	Irreversible bool   `json:"irreversible,omitempty"` // a migration of the change cannot be taken back
	Known        bool   `json:"known,omitempty"`        // whether that is so is known
	Source       string `json:"source,omitempty"`       // where it was read
	Problem      string `json:"problem,omitempty"`      // why it is not known
}

const evidenceLimit = 10 << 20

// readFacts reads what go-no-go said about the change: from the input evidence, else from its result file.
// A result about another commit says nothing about this one.
func readFacts(w *action.World, given string) facts {
	var f facts
	entries := split(given)
	if len(entries) == 0 {
		entries = []string{result.Path("go-no-go")}
	}
	for _, entry := range entries {
		found, problem := factsOf(w, entry)
		if found.Known {
			return found
		}
		if f.Problem == "" {
			f.Problem = problem
		}
	}
	return f
}

// split cuts the input into its entries: a line with a file, or a JSON text.
func split(text string) (entries []string) {
	for {
		text = strings.TrimSpace(text)
		if text == "" {
			return entries
		}
		if text[0] == '{' {
			d := json.NewDecoder(strings.NewReader(text))
			var value json.RawMessage
			if d.Decode(&value) != nil {
				return append(entries, text)
			}
			entries, text = append(entries, string(value)), text[d.InputOffset():]
			continue
		}
		line, rest, _ := strings.Cut(text, "\n")
		entries, text = append(entries, strings.TrimSpace(line)), rest
	}
}

func factsOf(w *action.World, entry string) (facts, string) {
	source, text := "the input evidence", []byte(entry)
	if !strings.HasPrefix(entry, "{") {
		path, err := w.InDir(entry)
		if strings.HasPrefix(entry, ".slipway/") { // results lie at the top of the workspace
			path, err = entry, nil
		}
		if err == nil {
			text, err = w.Files.Read(path, evidenceLimit)
		}
		source = shown(entry)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return facts{}, "there is no result of go-no-go at " + source
		case err != nil:
			return facts{}, fmt.Sprintf("%s cannot be read: %v", source, err)
		}
	}
	d, err := result.Decode(text)
	switch {
	case err != nil:
		return facts{}, fmt.Sprintf("%s is no result: %s", source, shown(err.Error()))
	case d.Action != "go-no-go" && d.Action != "preflight":
		return facts{}, fmt.Sprintf("%s is a result of %s, which says nothing about migrations", source, shown(d.Action))
	case !strings.EqualFold(d.Subject.SHA, w.SHA()) || d.Subject.SHA == "":
		return facts{}, fmt.Sprintf("%s is about the commit %.12s, and this run is about %.12s", source, shown(d.Subject.SHA), w.SHA())
	}
	data, _ := d.Data.(map[string]any)
	if d.Action == "preflight" {
		data = decisionWithin(data)
	}
	m, _ := data["migrations"].(map[string]any)
	known, _ := m["known"].(bool)
	irreversible, isSaid := m["irreversible"].(bool)
	if present, ok := m["present"].(bool); ok && !present {
		irreversible, isSaid = false, true
	}
	if !known || !isSaid {
		return facts{}, source + " does not tell whether a migration of the change can be taken back"
	}
	return facts{Irreversible: irreversible, Known: true, Source: source}, ""
}

// decisionWithin is the data of go-no-go's document among those of preflight.
func decisionWithin(data map[string]any) map[string]any {
	steps, _ := data["steps"].([]any)
	for _, s := range steps {
		if document, _ := s.(map[string]any); document["action"] == "go-no-go" {
			inner, _ := document["data"].(map[string]any)
			return inner
		}
	}
	return nil
}
