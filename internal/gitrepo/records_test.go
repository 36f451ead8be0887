package gitrepo

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Texts longer than what is read at once, many parents and names that are no UTF-8 come out as they
// went in, and nothing that is read later changes what was read before.
func TestRecords(t *testing.T) {
	type made struct {
		sha, author, message string
		parents              []string
	}
	var all []made
	var log strings.Builder
	for n := range 3000 {
		m := made{sha: fmt.Sprintf("%040x", n), author: fmt.Sprintf("Person %d", n%7), message: fmt.Sprintf("fix: %d\n\ntext", n)}
		for p := range n % 5 {
			m.parents = append(m.parents, fmt.Sprintf("%040x", n+p+1))
		}
		written := m
		switch n % 1000 {
		case 1:
			m.message = strings.Repeat("long ", 60_000)
			written.message = m.message
		case 2:
			m.author, written.author = "Zo\uFFFD", "Zo\xff"
			m.message, written.message = "caf\uFFFD", "caf\xe9"
		case 3:
			m.parents = slices.Repeat([]string{m.sha}, 2000)
			written.parents = m.parents
		}
		all = append(all, m)
		fmt.Fprintf(&log, "%s\x00%s\x00%s\x00a@example.com\x001700000000\x00%s\n\x00", written.sha, strings.Join(written.parents, " "), written.author, written.message)
	}
	in := newRecords(strings.NewReader(log.String()))
	var list listing
	for range all {
		c, err := in.commit()
		if err != nil {
			t.Fatal(err)
		}
		list.add(c)
	}
	for n, c := range list.commits() {
		want := all[n]
		if c.SHA != want.sha || c.Author != want.author || c.Message != want.message || !slices.Equal(c.Parents, want.parents) || c.Email != "a@example.com" || c.Time.Unix() != 1_700_000_000 {
			t.Fatalf("commit %d: got %.300q", n, fmt.Sprint(c))
		}
	}
	if _, err := in.commit(); err == nil {
		t.Error("a log that ends within a commit must be an error")
	}
}
