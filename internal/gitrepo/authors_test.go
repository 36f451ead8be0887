package gitrepo_test

import "testing"

func TestAuthors(t *testing.T) {
	dir := repository(t, "first", "second")
	run(t, dir, "commit", "--quiet", "--allow-empty", "--author", "Eve <eve@example.com>", "-m", "third")
	authors, err := open(t, dir).Authors(t.Context(), "HEAD")
	if err != nil || len(authors) != 2 || authors[0].Name != "Eve" || authors[0].Email != "eve@example.com" {
		t.Errorf("%v, %v", authors, err)
	}
	if before, err := open(t, dir).Authors(t.Context(), "HEAD~1"); err != nil || len(before) != 1 {
		t.Errorf("before: %v, %v", before, err)
	}
	if _, err := open(t, dir).Authors(t.Context(), "--all"); err == nil {
		t.Error("an option was taken for a revision")
	}
}
