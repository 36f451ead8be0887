package versionfile

import (
	"errors"
	"fmt"
	"strings"
)

// event is one step through a document as its parser sees it: a key, a value, an opening or a
// closing. Comments and layout are none.
type event struct {
	kind byte // 'v' is a value; others are up to the form
	text string
}

// verify reads the new document and compares: the places hold the version, and nothing else but
// the values that were edited is read differently.
func (f form) verify(t Target, old, next []byte, edits []edit, places []Place) error {
	sites, err := f.sites(next, t)
	if err != nil {
		return err
	}
	if len(sites) != len(places) {
		return fmt.Errorf("%d places are found again of %d", len(sites), len(places))
	}
	_, again, err := plan(next, sites, edits[0].new)
	if err != nil {
		return err
	}
	for i, p := range again {
		if p.Old != places[i].New || !sites[i].text {
			return fmt.Errorf("line %d: %s is read as %q, not as the text %q", p.Line, p.Key, clip(p.Old), places[i].New)
		}
	}
	if f.parse == nil {
		return nil // what the places hold is all that can be compared
	}
	before, err := f.parse(old)
	if err != nil {
		return nil // a template, say; its marked lines are found without the parser
	}
	after, err := f.parse(next)
	if err != nil {
		return err
	}
	return compare(before, after, edits)
}

// compare wants two documents to differ in nothing but the edits.
func compare(before, after []event, edits []edit) error {
	if len(before) != len(after) {
		return errors.New("the document would have another structure")
	}
	open := append([]edit(nil), edits...)
	for i, was := range before {
		is := after[i]
		if was == is {
			continue
		}
		at := -1
		for n, e := range open {
			if was.kind == 'v' && is.kind == 'v' && strings.Replace(was.text, e.old, e.new, 1) == is.text {
				at = n
			}
		}
		if at < 0 {
			return fmt.Errorf("%q would become %q", clip(was.text), clip(is.text))
		}
		open = append(open[:at], open[at+1:]...)
	}
	return nil
}
