package jsonpath

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// SingleKeys refuses a document with an object that holds a key twice: of two verdicts a reader
// would take the last one, and a person the first. Fields of Go types are read in any case, so case
// is folded, save below the key that holds somebody else's object.
func SingleKeys(text []byte, foreign string) error {
	return singleKeys(json.NewDecoder(bytes.NewReader(text)), true, foreign)
}

// folded is one form of all names that a field is read by: beside its upper and lower case, encoding/json takes
// letters such as ſ for s.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, name)
}

// KeysOnce refuses a document with an object that holds the very same key twice, for readers that tell case.
func KeysOnce(text []byte) error {
	return singleKeys(json.NewDecoder(bytes.NewReader(text)), false, "")
}

func singleKeys(dec *json.Decoder, fold bool, foreign string) error {
	token, err := dec.Token()
	if err != nil {
		return err
	}
	open, nested := token.(json.Delim)
	if !nested {
		return nil
	}
	seen := map[string]bool{}
	for dec.More() {
		ours := fold
		if open == '{' {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			name := fmt.Sprint(key)
			if fold {
				name = folded(name)
			}
			ours = fold && name != folded(foreign)
			if seen[name] {
				return fmt.Errorf("the key %q is there twice", key)
			}
			seen[name] = true
		}
		if err := singleKeys(dec, ours, foreign); err != nil {
			return err
		}
	}
	_, err = dec.Token() // the closing one
	return err
}
