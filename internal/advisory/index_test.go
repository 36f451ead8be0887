package advisory

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/slipway-actions/slipway/internal/osv"
)

// padding makes data so large that an index of it is worth its while.
func padding() string {
	noise := make([]byte, smallData)
	r := rand.NewChaCha8([32]byte{})
	_, _ = r.Read(noise)
	return string(noise)
}

// many are n records, of which one is about the package that is installed.
func many(n int) []string {
	files := []string{"padding", padding(), "A-1.json", fmt.Sprintf(about, "A-1", "example.com/a")}
	for i := range n - 1 {
		files = append(files, fmt.Sprintf("B-%d.json", i), fmt.Sprintf(about, fmt.Sprint("B-", i), fmt.Sprint("example.com/b", i)))
	}
	return files
}

func indexOf(f Folder) string { return filepath.Join(f.Dir, "Go", indexName) }

// TestWarmIsCold asks twice: by the data, and by the index that the first question left.
func TestWarmIsCold(t *testing.T) {
	good := many(300)
	lying := archive(t, good...)
	central := bytes.LastIndex(lying, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(lying[central+24:], 10)
	corrupt := archive(t, good...)
	corrupt[bytes.LastIndex(corrupt, []byte("PK\x03\x04"))+60]++
	malformed := archive(t, append(many(300), "C-1.json", "{", "C-2.json", `{"id":""}`, "C-3.json", "[]", "C-4.json", `{"id":7}`)...)
	withdrawn := archive(t, append(many(100), "A-2.json", `{"id":"A-2","withdrawn":"2025-01-01T00:00:00Z","modified":"2026-05-05T00:00:00.123Z","affected":[{"package":{"ecosystem":"Go","name":"example.com/a"}}]}`)...)
	tests := []struct {
		name    string
		files   map[string][]byte
		indexed bool
		want    string
	}{
		{"good", map[string][]byte{"Go/all.zip": archive(t, good...)}, true, "A-1, Go:300"},
		{"beside single records", map[string][]byte{"Go/all.zip": archive(t, good...), "Go/A-0.json": []byte(fmt.Sprintf(about, "A-0", "example.com/a"))}, true, "A-0, A-1, Go:301"},
		{"withdrawn", map[string][]byte{"Go/all.zip": withdrawn}, true, "A-1, Go:101"},
		{"malformed", map[string][]byte{"Go/all.zip": malformed}, true, "A-1, Go:300, ! Go 4 of its records cannot be read: C-1.json: read advisory: unexpected end of JSON input; C-2.json: read advisory: it has no id; C-3.json: read advisory: json: cannot unmarshal array into Go value of type osv.Record; and 1 more"},
		{"a size that lies", map[string][]byte{"Go/all.zip": lying}, false, "A-1, Go:299, ! Go read DIR/Go/all.zip: B-298.json: …"},
		{"changed on the way", map[string][]byte{"Go/all.zip": corrupt}, false, "A-1, Go:299, ! Go read DIR/Go/all.zip: B-298.json: …"},
		{"half", map[string][]byte{"Go/all.zip": archive(t, good...)[:smallData+100]}, false, "Go:0, ! Go read DIR/Go/all.zip: zip: not a valid zip file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := folder(t, test.files)
			cold := f.Ask(t.Context(), []osv.Package{installed})
			got := strings.ReplaceAll(told(cold), f.Dir, "DIR")
			beginning, cut := strings.CutSuffix(test.want, "…")
			if got != test.want && !(cut && strings.HasPrefix(got, beginning)) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if _, err := os.Stat(indexOf(f)); (err == nil) != test.indexed {
				t.Errorf("is there an index: %v, want %v", err == nil, test.indexed)
			}
			if warm := f.Ask(t.Context(), []osv.Package{installed}); !reflect.DeepEqual(warm, cold) {
				t.Errorf("warm %+v\ncold %+v", warm, cold)
			}
			if cold.Sets[0].Digest == "" {
				t.Error("the data has no digest")
			}
		})
	}
}

// TestIndexIsUsed puts an index there that says something else than the data.
func TestIndexIsUsed(t *testing.T) {
	f := folder(t, map[string][]byte{"Go/all.zip": archive(t, many(10)...)})
	s := openSource(t.Context(), []string{filepath.Join(f.Dir, "Go/all.zip")}, "")
	defer s.close()
	other := contents{records: 4711}
	if err := os.WriteFile(indexOf(f), other.encode(s.indexKey("Go")), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := told(f.Ask(t.Context(), []osv.Package{installed})); got != "Go:4711" {
		t.Error(got)
	}
}

// TestIndexIsNotTrusted damages what lies where the index was; the answer must stay the same, and
// the index come back.
func TestIndexIsNotTrusted(t *testing.T) {
	f := folder(t, map[string][]byte{"Go/all.zip": archive(t, many(50)...)})
	cold := f.Ask(t.Context(), []osv.Package{installed})
	whole, err := os.ReadFile(indexOf(f))
	if err != nil {
		t.Fatal(err)
	}
	s := openSource(t.Context(), []string{filepath.Join(f.Dir, "Go/all.zip")}, "")
	defer s.close()
	all, err := s.build(t.Context(), "Go")
	if err != nil {
		t.Fatal(err)
	}
	key := s.indexKey("Go")
	astray := func(change func(*contents)) []byte {
		c := all
		c.refs, c.names, c.ids = slices.Clone(c.refs), slices.Clone(c.names), slices.Clone(c.ids)
		change(&c)
		return c.encode(key)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 1
	tests := map[string][]byte{
		"empty":                {},
		"half":                 whole[:len(whole)/2],
		"longer":               append(bytes.Clone(whole), 0),
		"one bit":              flipped,
		"of other data":        all.encode(sha256.Sum256(nil)),
		"of another ecosystem": all.encode(s.indexKey("npm")),
		"another file":         astray(func(c *contents) { c.refs[0].file = 7 }),
		"beyond the file":      astray(func(c *contents) { c.refs[0].offset = 1 << 60 }),
		"elsewhere":            astray(func(c *contents) { c.refs[0].offset += 3 }),
		"another record":       astray(func(c *contents) { c.refs[0].sum++ }),
		"a large record":       astray(func(c *contents) { c.refs[0].size = 1 << 31 }),
		"another way of zip":   astray(func(c *contents) { c.refs[0].method = 99 }),
		"a number without a place": astray(func(c *contents) {
			c.names[0].ref, c.names[1].ref = 1<<31, 1<<31
			for i := range c.names {
				c.names[i].ref = 1 << 31
			}
		}),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(indexOf(f), text, 0o644); err != nil {
				t.Fatal(err)
			}
			if again := f.Ask(t.Context(), []osv.Package{installed}); !reflect.DeepEqual(again, cold) {
				t.Errorf("got %s, want %s", told(again), told(cold))
			}
			if now, err := os.ReadFile(indexOf(f)); err != nil || !bytes.Equal(now, whole) {
				t.Errorf("the index was not made again: %v", err)
			}
		})
	}
}

// TestChangedData changes data behind its index, and also where one file ends and the next begins.
func TestChangedData(t *testing.T) {
	f := folder(t, map[string][]byte{"Go/all.zip": archive(t, many(10)...)})
	f.Ask(t.Context(), []osv.Package{installed})
	if err := os.WriteFile(filepath.Join(f.Dir, "Go/all.zip"), archive(t, append(many(10), "A-2.json", fmt.Sprintf(about, "A-2", "example.com/a"))...), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := told(f.Ask(t.Context(), []osv.Package{installed})); got != "A-1, A-2, Go:11" {
		t.Error(got)
	}
	record := fmt.Sprintf(about, "A-1", "example.com/a") + strings.Repeat(" ", smallData)
	f = folder(t, map[string][]byte{"Go/A.json": []byte(record), "Go/B.json": []byte("{}")})
	first := told(f.Ask(t.Context(), []osv.Package{installed}))
	if err := os.Rename(filepath.Join(f.Dir, "Go/B.json"), filepath.Join(f.Dir, "Go/C.json")); err != nil {
		t.Fatal(err)
	}
	if got := told(f.Ask(t.Context(), []osv.Package{installed})); got != strings.ReplaceAll(first, "B.json", "C.json") {
		t.Error(got)
	}
}

// TestIndexElsewhere has no place beside the data: the index goes to the cache, or is done without.
func TestIndexElsewhere(t *testing.T) {
	f := folder(t, map[string][]byte{"Go/all.zip": archive(t, many(10)...), "Go/slipway.index/full": nil})
	cold := f.Ask(t.Context(), []osv.Package{installed})
	f.Cache = filepath.Join(t.TempDir(), "new")
	for range 2 {
		if again := f.Ask(t.Context(), []osv.Package{installed}); !reflect.DeepEqual(again, cold) || len(cold.Problems) > 0 {
			t.Errorf("%+v, %+v", again, cold)
		}
	}
	found, err := filepath.Glob(f.Cache + "/osv-index/*.index")
	if err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
	if left, err := filepath.Glob(filepath.Join(f.Dir, "Go", ".slipway-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestSmallDataHasNoIndex(t *testing.T) {
	f := folder(t, map[string][]byte{"Go/all.zip": archive(t, "A-1.json", fmt.Sprintf(about, "A-1", "example.com/a"))})
	f.Ask(t.Context(), []osv.Package{installed})
	if _, err := os.Stat(indexOf(f)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an index was made: %v", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	f := folder(t, map[string][]byte{"Go/all.zip": archive(t, many(200)...)})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if got := told(f.Ask(t.Context(), []osv.Package{installed})); got != "A-1, Go:200" {
				t.Error(got)
			}
		})
	}
	group.Wait()
}

// FuzzIndex reads what somebody has written on purpose: with a sum that is right.
func FuzzIndex(f *testing.F) {
	var c contents
	c.note("Go", &osv.Record{ID: "A-1"}, ref{size: 3})
	c.malformed = []string{"x", "y"}
	f.Add(c.encode([32]byte{})[headSize:])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		sum := sha256.Sum256(body)
		text := slices.Concat([]byte(magic), make([]byte, sha256.Size), sum[:], body)
		x, ok := openIndex(text, [sha256.Size]byte{})
		if !ok {
			return
		}
		s := &shelved{source: &source{}, index: x}
		_, _ = s.named([]string{"a"})
		_, _ = s.identified("A-1")
		for n := range uint32(len(x.refs)/refSize + 1) {
			if r, ok := x.ref(n); ok {
				_, _ = s.text(r)
			}
		}
		_ = summary(x.words, x.malformed)
	})
}
