package securitygate

import (
	"bufio"
	"bytes"
	"path"
	"path/filepath"
	"strings"

	"github.com/slipway-actions/slipway/internal/glob"
)

// readSubmodules tells of those that are not checked out: what is in them was not looked at.
func (c *collector) readSubmodules() {
	repo := c.world.Repo
	if repo == nil {
		return
	}
	below, err := filepath.Rel(c.world.Files.Dir, repo.Root)
	if err != nil || !filepath.IsLocal(below) {
		return
	}
	text, err := c.world.Files.Read(path.Join(filepath.ToSlash(below), ".gitmodules"), 1<<20)
	if err != nil {
		return // there are none
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		key, value, ok := strings.Cut(lines.Text(), "=")
		folder := path.Join(filepath.ToSlash(below), strings.Trim(strings.TrimSpace(value), `"`))
		if !ok || strings.TrimSpace(key) != "path" || !filepath.IsLocal(folder) || !glob.Within(c.path, folder) {
			continue
		}
		if inside, err := c.world.Files.Glob(path.Join(folder, "*")); err == nil && len(inside) == 0 {
			c.remark("submodule:"+folder, "The submodule "+folder, "Set submodules: true on the checkout step if what you build needs it.", "it is not checked out, so nothing in it was looked at")
		}
	}
}
