package advisory

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/osv"
)

const about = `{"id":"%s","modified":"2026-01-02T00:00:00Z","affected":[{"package":{"ecosystem":"Go","name":"%s"}}]}`

var installed = osv.Package{Ecosystem: "Go", Name: "example.com/a", Version: "1.0.0"}

// archive makes an all.zip of names and contents in turn.
func archive(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for pair := range slices.Chunk(files, 2) {
		f, err := w.Create(pair[0])
		if err == nil {
			_, err = f.Write([]byte(pair[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func folder(t *testing.T, files map[string][]byte) Folder {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return Folder{Dir: dir, Name: "data"}
}

// told is an answer in short: the candidates, the sets, and the problems.
func told(a Answer) string {
	var parts []string
	for _, c := range a.Candidates[installed] {
		parts = append(parts, c.Record.ID)
	}
	for _, s := range a.Sets {
		parts = append(parts, fmt.Sprintf("%s:%d", s.Ecosystem, s.Records))
	}
	for _, p := range a.Problems {
		parts = append(parts, "! "+p.Ecosystem+" "+p.Text)
	}
	return strings.Join(parts, ", ")
}

func TestFolder(t *testing.T) {
	record, other := fmt.Sprintf(about, "A-1", "example.com/a"), fmt.Sprintf(about, "B-1", "example.com/b")
	good := archive(t, "A-1.json", record, "B-1.json", other, "README", "text")
	// A size that is smaller than what comes, in the directory at the end.
	lying := bytes.Clone(good)
	central := bytes.Index(lying, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(lying[central+24:], 10)
	corrupt := bytes.Clone(good)
	corrupt[len("PK\x03\x04")+60]++
	huge := archive(t, "A-1.json", strings.Repeat(" ", recordLimit)+record)
	tests := []struct {
		name  string
		files map[string][]byte
		want  string
	}{
		{"an archive", map[string][]byte{"Go/all.zip": good}, "A-1, Go:2"},
		{"laid out as the scanner does", map[string][]byte{"osv-scalibr/Go/all.zip": good}, "A-1, Go:2"},
		{"single records", map[string][]byte{"Go/A-1.json": []byte(record), "Go/notes.txt": nil}, "A-1, Go:1"},
		{"both", map[string][]byte{"Go/all.zip": archive(t, "B-1.json", other), "Go/A-1.json": []byte(record)}, "A-1, Go:2"},
		{"nothing", nil, "! Go the database has no advisories for Go: neither osv-scalibr/Go nor Go in it holds all.zip or *.json"},
		{"another ecosystem", map[string][]byte{"npm/all.zip": good}, "! Go the database has no advisories for Go: neither osv-scalibr/Go nor Go in it holds all.zip or *.json"},
		{"an archive of nothing", map[string][]byte{"Go/all.zip": archive(t)}, "Go:0, ! Go DIR/Go holds no advisory"},
		{"no archive", map[string][]byte{"Go/all.zip": []byte("PK")}, "Go:0, ! Go read DIR/Go/all.zip: zip: not a valid zip file"},
		{"half an archive", map[string][]byte{"Go/all.zip": good[:len(good)/2]}, "Go:0, ! Go read DIR/Go/all.zip: zip: not a valid zip file"},
		{"malformed", map[string][]byte{"Go/all.zip": archive(t, "A-1.json", record, "B-1.json", "{", "C-1.json", `{"id":""}`)}, "A-1, Go:1, ! Go 2 of its records cannot be read: B-1.json: read advisory: unexpected end of JSON input; C-1.json: read advisory: it has no id"},
		{"larger than any advisory", map[string][]byte{"Go/all.zip": huge}, "Go:0, ! Go 1 of its records cannot be read: A-1.json: it is larger than 10 MB"},
		{"a size that lies", map[string][]byte{"Go/all.zip": lying}, "Go:0, ! Go read DIR/Go/all.zip: A-1.json: …"},
		{"changed on the way", map[string][]byte{"Go/all.zip": corrupt}, "Go:0, ! Go read DIR/Go/all.zip: A-1.json: …"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := folder(t, test.files)
			a := f.Ask(t.Context(), []osv.Package{installed})
			got := strings.ReplaceAll(told(a), f.Dir, "DIR")
			beginning, cut := strings.CutSuffix(test.want, "…") // the rest is the library's words
			if got != test.want && !(cut && strings.HasPrefix(got, beginning)) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if again := f.Ask(t.Context(), []osv.Package{installed}); told(again) != told(a) {
				t.Errorf("another time: %s", told(again))
			}
		})
	}
}

func TestFolderTells(t *testing.T) {
	record := fmt.Sprintf(about, "A-1", "example.com/a")
	a := folder(t, map[string][]byte{"Go/A-1.json": []byte(record)}).Ask(t.Context(), []osv.Package{installed})
	b := folder(t, map[string][]byte{"Go/A-1.json": []byte(record + " ")}).Ask(t.Context(), []osv.Package{installed})
	if a.Sets[0].Newest.Year() != 2026 || !strings.HasPrefix(a.Sets[0].Digest, "sha256:") || a.Sets[0].Digest == b.Sets[0].Digest {
		t.Errorf("%+v, %+v", a.Sets, b.Sets)
	}
}

func TestFolderRefusesStrangeEcosystems(t *testing.T) {
	f := folder(t, map[string][]byte{"Go/A-1.json": []byte(fmt.Sprintf(about, "A-1", "a"))})
	for _, ecosystem := range []string{"", "..", "../x", "a/b", ".git"} {
		if a := f.Ask(t.Context(), []osv.Package{{Ecosystem: ecosystem, Name: "a", Version: "1"}}); len(a.Problems) != 1 {
			t.Errorf("%q: %+v", ecosystem, a)
		}
	}
}

func TestFolderCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a := folder(t, map[string][]byte{"Go/all.zip": archive(t, "A-1.json", "{}")}).Ask(ctx, []osv.Package{installed})
	if len(a.Problems) == 0 {
		t.Error("a cancelled reading has no problem")
	}
}
