package changelog

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/report"
)

const (
	templateLimit = 1 << 20 // bytes of a template
	bodyLimit     = 1 << 20 // bytes of what it makes of one release
)

// layout is a template that makes the notes.
type layout struct{ parsed *template.Template }

// errTooLong stops a template that writes and writes.
var errTooLong = fmt.Errorf("it writes more than %d MB for one release", bodyLimit>>20)

// readLayout reads and parses a template. Its errors name file and line.
func readLayout(f files, file string) (*layout, error) {
	source, err := f.Read(file, templateLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, action.Wrong("input template is %q; there is no such file in the workspace. Correct the path, which counts from the working directory", file)
	}
	if err != nil {
		return nil, action.Wrong("input template is %q: %w. Name a regular file of at most %d MB inside the workspace", file, err, templateLimit>>20)
	}
	l, err := parseLayout(file, string(source))
	if err != nil {
		return nil, action.Wrong("the template cannot be read: %s. docs/template.md lists what templates can use", trouble(file, err))
	}
	return l, nil
}

func parseLayout(name, source string) (*layout, error) {
	parsed, err := template.New(name).Funcs(functions).Parse(source)
	if err != nil {
		return nil, err
	}
	return &layout{parsed}, nil
}

// functions are what templates can use beside those of text/template. Escape and link make harmless
// what they are given; the data is harmless already, but for the fields that end in Raw.
var functions = template.FuncMap{
	"escape": report.Escape,
	"link":   linkTo,
	"short":  commit.Short,
	"join":   join,
	"date":   func(format string, t time.Time) string { return t.UTC().Format(format) },
}

// join sets a list of texts, links or contributors with a text in between.
func join(list any, between string) (string, error) {
	v := reflect.ValueOf(list)
	if v.Kind() != reflect.Slice {
		return "", fmt.Errorf("join wants a list such as .Issues, and got %T", list)
	}
	texts := make([]string, v.Len())
	for i := range texts {
		texts[i] = fmt.Sprint(v.Index(i).Interface())
	}
	return strings.Join(texts, between), nil
}

// linkTo makes a link of Markdown text, where the address is one of the web.
func linkTo(text, address string) string {
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") || strings.ContainsAny(address, " \t\r\n<>()\"\\`") {
		return text
	}
	return "[" + text + "](" + address + ")"
}

// execute makes the text of a release, which ends with a line break.
func (l *layout) execute(data Notes) (string, error) {
	var b boundedText
	if err := l.parsed.Execute(&b, data); err != nil {
		return "", err
	}
	text := strings.Trim(report.Printable(strings.ReplaceAll(b.String(), "\r\n", "\n")), "\n")
	if text == "" {
		return "", nil
	}
	return text + "\n", nil
}

// boundedText is a text that refuses to grow too long.
type boundedText struct{ strings.Builder }

func (b *boundedText) Write(p []byte) (int, error) {
	if b.Len()+len(p) > bodyLimit {
		return 0, errTooLong
	}
	return b.Builder.Write(p)
}

// trouble is what a template's error says: file, line where it has one, and what.
func trouble(file string, err error) string {
	text := strings.TrimPrefix(err.Error(), "template: ")
	if !strings.HasPrefix(text, file) {
		text = file + ": " + text
	}
	return text
}

// Notes are what a template is given: one release. All text is harmless Markdown of one line, unless
// its field says otherwise; fields that end in Raw hold the original, and want escape.
type Notes struct {
	Version      string        // 1.4.0; empty where nothing is released yet
	Tag          string        // v1.4.0; empty where nothing is released yet
	Previous     string        // tag, or id of the commit, after which the notes begin; empty for the first release
	Date         time.Time     // of the heading, UTC
	Audience     string        // all, external, internal or support
	CompareURL   string        // page that shows all commits; empty where no repository is known
	Sections     []Section     // in order; those without an entry are left out
	Contributors []Contributor // by name; empty for external and support
}

// Section is a heading and what stands under it.
type Section struct {
	Title   string
	Entries []Entry // newest first
}

// Entry is one change, or what a footer of it tells.
type Entry struct {
	Type           string // feat, fix …; empty where the commit has none
	Scope          string // empty where the commit has none
	Description    string // what is said; issues of the repository are links
	DescriptionRaw string
	Breaking       bool
	Details        string // Markdown of several lines: how to migrate, and the like; indent it below a list's item
	DetailsRaw     string
	Line           string // the entry as the built-in form has it, without a bullet and details
	Pull           Link   // pull request; without text where there is none
	Issues         []Link // that it closes
	Advisories     []Link // CVE and GHSA ids that it fixes
	Commits        []Link // that bring it, newest first
	Authors        []Contributor
}

// Link is a text and its address, which is empty where no repository is known.
type Link struct{ Text, URL string }

// String is the link as Markdown.
func (l Link) String() string { return linkTo(l.Text, l.URL) }

// Contributor is somebody who wrote a change.
type Contributor struct {
	Name    string
	NameRaw string
	Login   string // empty where none is known
	URL     string // of the profile; empty where no login is known
	First   bool   // contributed nothing before; only told for the release that is asked for
}

// String is the contributor as Markdown: the login as a link, or the name.
func (c Contributor) String() string {
	if c.URL != "" {
		return linkTo(report.Escape(c.Login), c.URL)
	}
	return c.Name
}

// data is what a template is given of notes.
func (a arrangement) data(n notes) Notes {
	d := Notes{
		Tag: report.Escape(n.tag), Previous: report.Escape(n.previous), Date: n.date.UTC(), Audience: a.view.audience,
	}
	if n.version != nil {
		d.Version = report.Escape(n.version.String())
	}
	_, d.CompareURL = a.links.all(n.release)
	for _, p := range n.people {
		d.Contributors = append(d.Contributors, a.contributor(p))
	}
	for _, g := range n.groups {
		s := Section{Title: report.OneLine(g.title)}
		for _, e := range g.entries {
			s.Entries = append(s.Entries, a.entryData(e))
		}
		d.Sections = append(d.Sections, s)
	}
	return d
}

func (a arrangement) entryData(e entry) Entry {
	d := Entry{
		Type: report.Escape(e.Type), Scope: report.Escape(e.Scope), Description: a.words().prose(e.said), DescriptionRaw: e.said, Breaking: e.Breaking,
		Details: a.words().blocks(e.more), DetailsRaw: e.more,
	}
	var line strings.Builder
	bare := e
	bare.more = ""
	a.line(&line, bare)
	d.Line = strings.TrimPrefix(strings.TrimSuffix(line.String(), "\n"), "- ")
	page := func(text, path string) Link {
		if a.links.repository == "" {
			return Link{Text: text}
		}
		return Link{text, a.links.repository + path}
	}
	if e.Pull != "" {
		d.Pull = page("#"+e.Pull, "/pull/"+e.Pull)
	}
	for _, number := range e.issues {
		d.Issues = append(d.Issues, page("#"+number, "/issues/"+number))
	}
	for _, id := range e.advisories {
		d.Advisories = append(d.Advisories, Link{id, advisoryURL(id)})
	}
	for _, sha := range slices.Concat([]string{e.Commit.SHA}, e.Also) {
		d.Commits = append(d.Commits, page(commit.Short(sha), "/commit/"+sha))
	}
	for _, p := range a.authors(e.Change) {
		d.Authors = append(d.Authors, a.contributor(p))
	}
	return d
}

func (a arrangement) contributor(p person) Contributor {
	c := Contributor{Name: report.Escape(report.OneLine(p.name)), NameRaw: p.name, Login: p.login, First: p.first}
	if p.login != "" && a.links.server != "" {
		c.URL = a.links.server + "/" + p.login
	}
	return c
}
