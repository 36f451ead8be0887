package advisory

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sort"
	"time"
)

// An index leads from a package's name, or an advisory's id, to the place of the records in the
// files. It is a text of fixed-size numbers, little end first, that is used as it lies in memory:
//
//	magic, key, sum of what follows
//	records, newest (seconds, nanoseconds), malformed
//	number of refs, of names, of ids, bytes of the words
//	refs, names, ids, words
//
// The words are what is said of the first malformed records, and then the releases that records are about;
// an empty one stands for the ecosystem as a whole.
type index struct {
	records    int
	newest     time.Time
	malformed  int
	words      []string
	releases   []string
	refs       []byte
	names, ids []byte
}

// magic changes with the form, and with what is taken for a record or for the same name.
const magic = "slipway advisories 2\n"

const (
	headSize   = len(magic) + 2*sha256.Size
	countsSize = 8 * 8
	refSize    = 4 + 4 + 4 + 4 + 8 + 8
	entrySize  = 8 + 4
)

// indexKey binds an index to the data it was made of.
func (s *source) indexKey(ecosystem string) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%s%s\n%s\n%s", magic, ecosystem, s.digest, s.layout))
}

// encode writes an index.
func (c *contents) encode(key [sha256.Size]byte) []byte {
	c.sort()
	var words []byte
	for _, w := range c.malformed[:min(len(c.malformed), few)] {
		words = binary.LittleEndian.AppendUint32(words, uint32(len(w)))
		words = append(words, w...)
	}
	if c.any {
		c.releases = append([]string{""}, c.releases...)
	}
	for _, release := range c.releases {
		words = binary.LittleEndian.AppendUint32(words, uint32(len(release)))
		words = append(words, release...)
	}
	text := make([]byte, 0, headSize+countsSize+len(c.refs)*refSize+(len(c.names)+len(c.ids))*entrySize+len(words))
	text = append(text, magic...)
	text = append(text, key[:]...)
	text = append(text, make([]byte, sha256.Size)...)
	for _, n := range []uint64{
		uint64(c.records), uint64(c.newest.Unix()), uint64(c.newest.Nanosecond()), uint64(len(c.malformed)),
		uint64(len(c.refs)), uint64(len(c.names)), uint64(len(c.ids)), uint64(len(words)),
	} {
		text = binary.LittleEndian.AppendUint64(text, n)
	}
	for _, r := range c.refs {
		for _, n := range []uint32{r.file, uint32(r.method), r.sum, r.size} {
			text = binary.LittleEndian.AppendUint32(text, n)
		}
		text = binary.LittleEndian.AppendUint64(text, r.offset)
		text = binary.LittleEndian.AppendUint64(text, r.packed)
	}
	for _, entries := range [][]entry{c.names, c.ids} {
		for _, e := range entries {
			text = binary.LittleEndian.AppendUint64(text, e.hash)
			text = binary.LittleEndian.AppendUint32(text, e.ref)
		}
	}
	text = append(text, words...)
	sum := sha256.Sum256(text[headSize:])
	copy(text[headSize-sha256.Size:], sum[:])
	return text
}

// openIndex reads an index; false where the text is none, or one of other data.
func openIndex(text []byte, key [sha256.Size]byte) (*index, bool) {
	if len(text) < headSize+countsSize || !bytes.Equal(text[:len(magic)], []byte(magic)) || !bytes.Equal(text[len(magic):len(magic)+sha256.Size], key[:]) {
		return nil, false
	}
	if sum := sha256.Sum256(text[headSize:]); !bytes.Equal(text[headSize-sha256.Size:headSize], sum[:]) {
		return nil, false
	}
	text = text[headSize:]
	var n [8]uint64
	for i := range n {
		n[i] = binary.LittleEndian.Uint64(text[8*i:])
	}
	text = text[countsSize:]
	take := func(count uint64, size int) (part []byte, ok bool) {
		if count > uint64(len(text)/size) {
			return nil, false
		}
		part, text = text[:int(count)*size], text[int(count)*size:]
		return part, true
	}
	var parts [3][]byte
	for i, size := range []int{refSize, entrySize, entrySize} {
		var ok bool
		if parts[i], ok = take(n[4+i], size); !ok {
			return nil, false
		}
	}
	x := &index{records: int(n[0]), malformed: int(n[3]), refs: parts[0], names: parts[1], ids: parts[2]}
	x.newest = time.Unix(int64(n[1]), int64(n[2])).UTC()
	if n[7] != uint64(len(text)) || n[0] > 1<<40 || n[3] > 1<<40 || n[2] >= 1e9 {
		return nil, false
	}
	for len(text) > 0 {
		if len(text) < 4 || uint64(binary.LittleEndian.Uint32(text)) > uint64(len(text)-4) {
			return nil, false
		}
		size := binary.LittleEndian.Uint32(text)
		x.words = append(x.words, string(text[4:4+size]))
		text = text[4+size:]
	}
	told := min(x.malformed, few)
	if len(x.words) < told {
		return nil, false
	}
	x.words, x.releases = x.words[:told:told], x.words[told:]
	return x, true
}

// find appends the numbers of the records that an entry with this hash leads to.
func find(found []uint32, entries []byte, hash uint64) []uint32 {
	count := len(entries) / entrySize
	at := func(i int) uint64 { return binary.LittleEndian.Uint64(entries[i*entrySize:]) }
	for i := sort.Search(count, func(i int) bool { return at(i) >= hash }); i < count && at(i) == hash; i++ {
		found = append(found, binary.LittleEndian.Uint32(entries[i*entrySize+8:]))
	}
	return found
}

// ref is the place of a record; false where the index has no such number.
func (x *index) ref(n uint32) (ref, bool) {
	if int64(n) >= int64(len(x.refs)/refSize) {
		return ref{}, false
	}
	b := x.refs[int(n)*refSize:]
	u := binary.LittleEndian.Uint32
	return ref{
		file: u(b), method: uint16(u(b[4:])), sum: u(b[8:]), size: u(b[12:]),
		offset: binary.LittleEndian.Uint64(b[16:]), packed: binary.LittleEndian.Uint64(b[24:]),
	}, true
}
