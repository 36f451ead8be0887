package inventory

import (
	"context"
	"errors"
	"io/fs"
	"reflect"
	"sync"
	"testing"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// counter is a Parser that counts its calls and reads a file beside the lockfile.
type counter struct {
	calls  int
	beside string
	err    error
}

func (c *counter) Parse(_ context.Context, l Lockfile) ([]manifest.Entry, error) {
	c.calls++
	if c.beside != "" {
		l.Beside(c.beside)
	}
	return []manifest.Entry{{Package: osv.Package{Name: string(l.Text)}}}, c.err
}

func TestMemo(t *testing.T) {
	files := func(held map[string]string) func(string) ([]byte, error) {
		return func(name string) ([]byte, error) {
			if text, ok := held[name]; ok {
				return []byte(text), nil
			}
			return nil, fs.ErrNotExist
		}
	}
	first := Lockfile{Path: "a/go.mod", Plugin: gomod, Text: []byte("x"), Beside: files(map[string]string{"a/go.sum": "1"})}
	tests := []struct {
		name   string
		parser counter
		second Lockfile
		calls  int
	}{
		{"the same", counter{}, first, 1},
		{"moved", counter{}, Lockfile{Path: "b/go.mod", Plugin: gomod, Text: []byte("x")}, 1},
		{"another content", counter{}, Lockfile{Path: "a/go.mod", Plugin: gomod, Text: []byte("y")}, 2},
		{"another format", counter{}, Lockfile{Path: "a/go.mod", Plugin: pomxml, Text: []byte("x")}, 2},
		{"another name", counter{}, Lockfile{Path: "a/other.mod", Plugin: gomod, Text: []byte("x")}, 2},
		{"the same beside it", counter{beside: "a/go.sum"}, first, 1},
		{"moved with what is beside it", counter{beside: "a/go.sum"}, Lockfile{Path: "b/c/go.mod", Plugin: gomod, Text: []byte("x"), Beside: files(map[string]string{"b/c/go.sum": "1"})}, 1},
		{"another beside it", counter{beside: "a/go.sum"}, Lockfile{Path: "a/go.mod", Plugin: gomod, Text: []byte("x"), Beside: files(map[string]string{"a/go.sum": "2"})}, 2},
		{"none beside it", counter{beside: "a/go.sum"}, Lockfile{Path: "a/go.mod", Plugin: gomod, Text: []byte("x"), Beside: files(nil)}, 2},
		{"still none beside it", counter{beside: "a/none"}, first, 1},
		{"one that was not there", counter{beside: "a/none"}, Lockfile{Path: "a/go.mod", Plugin: gomod, Text: []byte("x"), Beside: files(map[string]string{"a/none": ""})}, 2},
		{"a failure", counter{err: errors.New("no")}, first, 2},
	}
	for _, test := range tests {
		m := Memo(&test.parser)
		before, _ := m.Parse(t.Context(), first)
		after, _ := m.Parse(t.Context(), test.second)
		if test.parser.calls != test.calls {
			t.Errorf("%s: parsed %d times, want %d", test.name, test.parser.calls, test.calls)
		}
		if test.calls == 1 && !reflect.DeepEqual(before, after) {
			t.Errorf("%s: %v, then %v", test.name, before, after)
		}
	}
}

// A caller sorts what it is given; that must not reach what is remembered.
func TestMemoIsNotChanged(t *testing.T) {
	m := Memo(parser{entries: []manifest.Entry{{Line: 1}, {Line: 2}}})
	l := Lockfile{Path: "go.mod", Plugin: gomod}
	for range 3 {
		entries, err := m.Parse(t.Context(), l)
		if err != nil || entries[0].Line != 1 {
			t.Fatal(entries, err)
		}
		entries[0], entries[1] = entries[1], entries[0]
	}
}

func TestMemoOfTwoTrees(t *testing.T) {
	const archive = "-- go.mod --\nmodule m\ngo 1.16\nrequire golang.org/x/net v0.7.0\n-- go.sum --\ngolang.org/x/text v0.3.0 h1:x\n" +
		"-- app/pom.xml --\n<project><parent><groupId>a</groupId><artifactId>p</artifactId><version>1</version></parent><artifactId>b</artifactId><dependencies><dependency><groupId>g</groupId><artifactId>l</artifactId><version>2</version></dependency></dependencies></project>\n-- pom.xml --\n"
	const parent = "<project><groupId>a</groupId><artifactId>p</artifactId><version>1</version><packaging>pom</packaging></project>\n"
	const other = "<project><groupId>a</groupId><artifactId>p</artifactId><version>1</version><packaging>pom</packaging><dependencies><dependency><groupId>g</groupId><artifactId>m</artifactId><version>3</version></dependency></dependencies></project>\n"
	m := Memo(OSVScanner{})
	var wait sync.WaitGroup
	for _, tree := range []string{tree(t, archive+parent), tree(t, archive+other), tree(t, archive+parent)} {
		wait.Go(func() {
			plain, err := Read(t.Context(), OSVScanner{}, tree, ".")
			if err != nil {
				t.Error(err)
			}
			for range 2 {
				if got, err := Read(t.Context(), m, tree, "."); err != nil || describe(got) != describe(plain) {
					t.Errorf("got  %s, %v\nwant %s", describe(got), err, describe(plain))
				}
			}
		})
	}
	wait.Wait()
}
