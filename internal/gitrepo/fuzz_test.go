package gitrepo

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// A commit's texts come back as they are, whatever people put into them; no text of theirs begins another commit.
func FuzzRecords(f *testing.F) {
	f.Add("ada\x1b[1m", "ada@example.com", "feat: a\n\n0123abc\x01-- END --\n", int64(1772452800), []byte("0123\x00\x00a\x00b\x00x\x00m\x00"))
	f.Add("", "", "", int64(-1), []byte("a\x00b c\x00d\x00e\x0012\x00m"))
	f.Fuzz(func(t *testing.T, author, email, message string, at int64, text []byte) {
		garbled := newRecords(strings.NewReader(string(text)))
		for n := 0; ; n++ {
			c, err := garbled.commit()
			if err != nil {
				break
			}
			if !utf8.ValidString(c.Message+c.Author+c.Email) || n > len(text)/6 {
				t.Fatalf("%q holds %+v as commit %d", text, c, n)
			}
		}
		if strings.Contains(author+email+message, "\x00") || !utf8.ValidString(author+"\x00"+email+"\x00"+message) {
			return
		}
		const id, parents = "0123456789abcdef0123456789abcdef01234567", "89abcdef0123456789abcdef0123456789abcdef 0123abc"
		one := strings.Join([]string{id, parents, author, email, fmt.Sprint(at), message}, "\x00") + "\x00"
		r := newRecords(strings.NewReader(one + one))
		for range 2 {
			c, err := r.commit()
			if err != nil || c.SHA != id || strings.Join(c.Parents, " ") != parents || c.Author != author || c.Email != email || c.Message != strings.TrimSuffix(message, "\n") || c.Time.Unix() != at {
				t.Fatalf("%q is read as %+v, %v", one, c, err)
			}
		}
		if _, err := r.commit(); !errors.Is(err, io.EOF) {
			t.Fatalf("%q twice has more: %v", one, err)
		}
	})
}

// What cat-file answers is an object of the wanted kind within its limit, or an error.
func FuzzObject(f *testing.F) {
	const id = "0123456789abcdef0123456789abcdef01234567"
	for _, s := range []string{id + " blob 3\nabc\n", id + " missing\n", id + " blob -5\n", id + " blob 99999999999\n", id + " tree 1\nx\n", "", id + " blob 0x3\nabc\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		const limit = 1 << 10
		c, err := object(bufio.NewReader(strings.NewReader(answer)), "blob", limit)
		if err != nil {
			return
		}
		if !IsCommitID(c.id) || c.text == nil || len(c.text) > limit || !strings.Contains(answer, string(c.text)) {
			t.Fatalf("%q is %q", answer, c)
		}
		_ = c.mode("a")
		_ = content{c.id, []byte(answer)}.mode("a")
	})
}
