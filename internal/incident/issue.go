package incident

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/policy"
)

// Limit is the most characters that GitHub takes as the body of an issue.
const Limit = 65_536

// The lines of an issue that programs read. People do not see them.
const (
	markOpen  = "<!-- slipway:incident "
	markClose = " -->"
	markEnd   = "<!-- /slipway:incident: write below, above is written anew -->"
	markLimit = 64_000 // bytes

	addressLimit = 2_000 // bytes; a longer one is left out
)

var (
	// ErrNoMark says that a text holds no incident of ours.
	ErrNoMark = errors.New("it has no mark of an incident")
	// ErrFull says that beside what people wrote there is no room.
	ErrFull = errors.New("what people wrote there leaves no room for it")
)

// Body is the text of an issue: the incident, and below it what people wrote. Where that is too long, actions
// between the first and the newest are left out.
func (i Incident) Body(written string) (string, error) {
	i = i.bounded()
	for {
		body, err := i.body(strings.TrimSpace(written))
		if n := len(i.Actions); errors.Is(err, ErrFull) && n > 2 {
			i.Actions = slices.Delete(i.Actions, 1, 2)
			continue
		}
		return body, err
	}
}

func (i Incident) body(written string) (string, error) {
	mark, err := json.Marshal(i) // escapes < and >, so that no text ends the mark
	if err != nil {
		return "", fmt.Errorf("encode incident: %w", err)
	}
	body := markOpen + string(mark) + markClose + "\n\n" + i.Markdown() + "\n" + markEnd + "\n"
	if written != "" {
		body += "\n" + written + "\n"
	}
	if len(mark) > markLimit || utf8.RuneCountInString(body) > Limit {
		return "", ErrFull
	}
	return body, nil
}

// Parse reads an incident back, and what people wrote below it. Only a mark on the first line counts, so that
// no text further down can be taken for it. Without one all of the text is theirs.
func Parse(body string) (i Incident, written string, err error) {
	body = strings.TrimLeft(strings.ReplaceAll(body, "\r\n", "\n"), "\ufeff\n ")
	line, rest, _ := strings.Cut(body, "\n")
	mark, ok := strings.CutPrefix(strings.TrimSpace(line), markOpen)
	if !ok {
		return Incident{}, strings.TrimSpace(body), ErrNoMark
	}
	if _, below, found := strings.Cut("\n"+rest, "\n"+markEnd); found {
		rest = below
	}
	written = strings.TrimSpace(rest)
	mark, ok = strings.CutSuffix(mark, markClose)
	if !ok || len(mark) > markLimit || json.Unmarshal([]byte(mark), &i) != nil {
		return Incident{}, written, errors.New("the mark on its first line was changed")
	}
	if !slices.Contains(statuses, i.Status) || !slices.Contains(policy.SeverityLevels, i.Severity) || i.Started.IsZero() {
		return Incident{}, written, errors.New("the mark on its first line names no status, severity or beginning of an incident")
	}
	return i.bounded(), written, nil
}

// bounded is the incident with texts of the length in which they are shown, and not too many.
func (i Incident) bounded() Incident {
	for _, text := range []*string{&i.Title, &i.Why, &i.Impact} {
		*text = short(*text)
	}
	i.Actions, i.Next = follow(nil, i.Actions), slices.Clone(i.Next[:min(len(i.Next), mostTexts)])
	for n := range i.Actions {
		if a := &i.Actions[n]; len(a.URL) > addressLimit {
			a.URL = ""
		}
		i.Actions[n].Text = short(i.Actions[n].Text)
	}
	for n := range i.Next {
		i.Next[n] = short(i.Next[n])
	}
	return i
}
