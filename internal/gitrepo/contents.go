package gitrepo

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Content is a file by the id of what it holds.
type Content struct {
	Text  []byte
	Size  int64 // in bytes
	Large bool  // over the limit of one or what is left of all, and so not read
}

// Contents reads files by the ids of their contents, in that order, in one call. The error is an
// ErrIncomplete where the clone does not hold one.
func (r *Repo) Contents(ctx context.Context, ids []string, limit, all int64) (list []Content, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	asked := r.call("cat-file", "--batch")
	asked.stdin = strings.NewReader(strings.Join(ids, "\n") + "\n")
	err = asked.stream(ctx, func(out io.Reader) error {
		in := bufio.NewReader(out)
		for _, id := range ids {
			header, err := in.ReadString('\n')
			if err != nil {
				return fmt.Errorf("the content %s cannot be read: %w", id, err)
			}
			f := strings.Fields(header)
			if len(f) == 2 && f[1] == "missing" {
				return fmt.Errorf("%w: %s is not there", ErrIncomplete, id)
			}
			if len(f) != 3 || f[0] != id || f[1] != "blob" {
				return fmt.Errorf("git cat-file answered %q where %s was asked for", tail(strings.TrimSpace(header), 200), id)
			}
			size, err := strconv.ParseInt(f[2], 10, 64)
			if err != nil {
				return fmt.Errorf("git cat-file answered %q for a size", f[2])
			}
			c := Content{Size: size, Large: size > min(limit, all)}
			if c.Large {
				_, err = io.CopyN(io.Discard, in, size)
			} else {
				c.Text = make([]byte, size)
				all -= size
				_, err = io.ReadFull(in, c.Text)
			}
			if err == nil {
				_, err = in.Discard(1) // a line break follows
			}
			if err != nil {
				return fmt.Errorf("the content %s cannot be read: %w", id, err)
			}
			list = append(list, c)
		}
		return nil
	})
	return list, lacking(ctx, err)
}
