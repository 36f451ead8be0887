package gitrepo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Difference is a file that two commits do not have alike. One that moved is two: removed and added.
type Difference struct {
	Path           string // as git has it: whatever bytes
	Status         byte   // A added, M modified, D deleted, T of another kind than before
	Mode           string // 100644, 100755, 120000 for a symbolic link, 160000 for a submodule; 000000 where it is deleted
	ID             string // of its content; zeros where it is deleted
	Added, Removed int    // lines
	Binary         bool   // git takes it for binary and counts no lines
}

// emptyTree is the id of the tree that holds nothing, by the length of ids. Git knows it in any repository.
var emptyTree = map[int]string{
	40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
	64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}

// Differences hands to each what head, whose tree is given, has otherwise than base, both full ids of
// commits, in git's order of paths; where base is empty, all that head holds. Then it hands to touched the
// paths that each of some further commits changed; none for a merge. All of that is one call of git. The
// error is an ErrIncomplete where the clone lacks something of it.
func (r *Repo) Differences(ctx context.Context, base, head, tree string, each func(Difference), commits []string, touched func(id, path string)) error {
	first := head + " " + base // the one stands for the other's only parent
	if base == "" {
		first = emptyTree[len(tree)] + " " + tree
	}
	show := r.call("diff-tree", "--stdin", "--always", "--root", "-r", "-z", "--raw", "--numstat", "--no-abbrev", "--no-renames", "--no-relative", "--no-ext-diff",
		"--no-textconv", "--ignore-submodules=none", "--diff-algorithm=myers", "-O/dev/null", "--")
	show.stdin = strings.NewReader(strings.Join(append([]string{first}, commits...), "\n") + "\n")
	waited := make(map[string]bool, len(commits)) // --always: each is answered about, even where it changes nothing
	for _, id := range commits {
		waited[id] = true
	}
	var (
		current string // the commit whose paths come; "" before the first
		files   []Difference
		counted int // of files, by numstat
	)
	flush := func() error {
		if counted != len(files) {
			return fmt.Errorf("git diff-tree counted the lines of %d files out of %d", counted, len(files))
		}
		for _, f := range files {
			if current == "" {
				each(f)
			} else {
				touched(current, f.Path)
			}
		}
		files, counted = files[:0], 0
		return nil
	}
	begun := false // the pair of trees has a line of its own, glued to the first entry
	err := show.stream(ctx, func(out io.Reader) error {
		for in := newRecords(out); ; {
			token, err := in.next()
			if err == io.EOF {
				if !begun || len(waited) > 0 {
					return fmt.Errorf("%w: git diff-tree did not answer about all of it", ErrIncomplete)
				}
				return flush()
			}
			if err != nil {
				return err
			}
			if base == "" && !begun {
				if token, begun = bytes.CutPrefix(token, []byte(first+"\n")); begun && len(token) == 0 {
					continue // there is no file at all
				}
			}
			switch text := string(token); {
			case begun && strings.HasPrefix(text, ":"):
				f, err := entry(text)
				if err != nil {
					return err
				}
				if token, err = in.next(); err != nil {
					return fmt.Errorf("git diff-tree ended within an entry: %w", err)
				}
				f.Path = string(token)
				files = append(files, f)
			case IsCommitID(text):
				if err := flush(); err != nil {
					return err
				}
				if text == head && base != "" && !begun {
					begun = true
					continue
				}
				if !begun || !waited[text] {
					return fmt.Errorf("git diff-tree answered about %s, which was not asked", text)
				}
				delete(waited, text)
				current = text
			default:
				if err := count(files, counted, text); err != nil {
					return err
				}
				counted++
			}
		}
	})
	return lacking(ctx, err)
}

// entry reads what --raw says before a path: ":100644 100644 <id> <id> M".
func entry(text string) (Difference, error) {
	f := strings.Fields(text[1:])
	if len(f) != 5 || !IsCommitID(f[3]) || f[4] == "" || !strings.Contains("AMDT", f[4][:1]) {
		return Difference{}, fmt.Errorf("git diff-tree answered %q, which is no entry", tail(text, 200))
	}
	return Difference{Status: f[4][0], Mode: f[1], ID: f[3]}, nil
}

// count takes up what --numstat says of the file at that place: "3\t1\tpath".
func count(files []Difference, at int, text string) (err error) {
	f := strings.SplitN(text, "\t", 3)
	if at >= len(files) || len(f) != 3 || f[2] != files[at].Path {
		return fmt.Errorf("git diff-tree answered %q where lines are counted", tail(text, 200))
	}
	file := &files[at]
	if file.Added, file.Binary, err = number(f[0]); err == nil {
		file.Removed, _, err = number(f[1])
	}
	return err
}

// number reads what --numstat counts; a file that git takes for binary has none.
func number(text string) (n int, binary bool, err error) {
	if text == "-" {
		return 0, true, nil
	}
	n, err = strconv.Atoi(text)
	if err == nil && n < 0 {
		err = fmt.Errorf("%d lines", n)
	}
	return n, false, err
}
