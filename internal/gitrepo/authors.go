package gitrepo

import (
	"bytes"
	"context"
	"strings"
)

// Author is somebody as the history names them.
type Author struct{ Name, Email string } // valid UTF-8; what was none is replaced

// Authors are the different authors of all that rev reaches, newest first.
func (r *Repo) Authors(ctx context.Context, rev string) ([]Author, error) {
	out, err := r.git(ctx, "log", "-z", "--format=%an%x00%ae", "--end-of-options", rev, "--")
	if err != nil {
		return nil, err
	}
	var authors []Author
	seen := map[string]bool{}
	for len(out) > 0 {
		name, rest, _ := bytes.Cut(out, []byte{0})
		email, after, _ := bytes.Cut(rest, []byte{0})
		one := out[:len(name)+1+len(email)]
		if !seen[string(one)] {
			seen[string(one)] = true
			authors = append(authors, Author{strings.ToValidUTF8(string(name), "\uFFFD"), strings.ToValidUTF8(string(email), "\uFFFD")})
		}
		out = after
	}
	return authors, nil
}
