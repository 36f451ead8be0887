package inventory

import (
	"os"
	"testing"

	"golang.org/x/tools/txtar"
)

func TestWants(t *testing.T) {
	for file, want := range map[string]bool{
		"go.mod": true, "a/b/go.sum": true, "package.json": true, "bun.lockb": true, "deps/base.txt": true, "deps/base.in": true,
		"parent/parent-pom.xml": true, "gradle/verification-metadata.xml": true, "verification-metadata.xml": false,
		"main.go": false, "README.md": false, "node_modules/a/package.json": false, "a/.git/go.mod": false, ".slipway/go.mod": false, "git/go.mod": true,
	} {
		if Wants(file) != want {
			t.Errorf("%s: %v", file, !want)
		}
	}
}

// A tree with only what is wanted reads as the whole tree does.
func TestWantsIsEnough(t *testing.T) {
	text, err := os.ReadFile("testdata/lines.txtar")
	if err != nil {
		t.Fatal(err)
	}
	whole := txtar.Parse(text)
	whole.Files = append(whole.Files, txtar.File{Name: "main.go", Data: []byte("package main\n")},
		txtar.File{Name: "include/requirements.txt", Data: []byte("-r base.in\n")}, txtar.File{Name: "include/base.in", Data: []byte("flask==1.0\n")})
	var some txtar.Archive
	for _, f := range whole.Files {
		if Wants(f.Name) {
			some.Files = append(some.Files, f)
		}
	}
	if len(some.Files) == len(whole.Files) {
		t.Error("all was wanted")
	}
	want, err := Read(t.Context(), OSVScanner{}, tree(t, string(txtar.Format(whole))), ".")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read(t.Context(), OSVScanner{}, tree(t, string(txtar.Format(&some))), ".")
	if err != nil || describe(got) != describe(want) {
		t.Errorf("got  %s, %v\nwant %s", describe(got), err, describe(want))
	}
}
