package image

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"regexp"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/klauspost/compress/zstd"
)

// blob is a part of an image and what is known of it beforehand.
type blob struct {
	name   string
	digest string // sha256:…; "" where nothing names it
	size   int64  // -1 where nothing names it
}

// digest is one that can be checked, and whose end is safe in a name.
var digest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// described is the blob that a descriptor names.
func described(d v1.Descriptor) (blob, error) {
	if text := d.Digest.String(); !digest.MatchString(text) || d.Size < 0 {
		return blob{}, fmt.Errorf("the digest %q is of no kind that can be checked", text)
	}
	return blob{"blobs/sha256/" + d.Digest.Hex, d.Digest.String(), d.Size}, nil
}

func (b blob) present(s store) bool {
	r, _, err := s.open(b.name)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	r.Close()
	return true
}

// open gives the raw content, its size checked.
func (b blob) open(s store) (io.ReadCloser, int64, error) {
	r, size, err := s.open(b.name)
	if err != nil {
		return nil, 0, err
	}
	if b.size >= 0 && size != b.size {
		r.Close()
		return nil, 0, fmt.Errorf("%s has %d bytes, not %d as the manifest says", b.name, size, b.size)
	}
	return r, size, nil
}

// document is the whole content of a small blob, checked.
func (b blob) document(s store, most bounds) ([]byte, error) {
	r, size, err := b.open(s)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if size > most.document {
		return nil, fmt.Errorf("%s is larger than %d bytes", b.name, most.document)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(text); b.digest != "" && b.digest != "sha256:"+hex.EncodeToString(sum[:]) {
		return nil, fmt.Errorf("%s is not what its digest says", b.name)
	}
	return text, nil
}

// unpacking reads a layer, unpacked, and checks it on the way: both what lies there and what comes
// out of it.
type unpacking struct {
	layer    layer
	raw      io.ReadCloser
	packed   *bufio.Reader
	rawHash  hash.Hash
	plain    io.Reader
	hash     hash.Hash
	left     *int64 // bytes that may still come, of all layers
	compress io.Closer
}

func unpack(ctx context.Context, s store, l layer, left *int64) (*unpacking, error) {
	raw, _, err := l.blob.open(s)
	if err != nil {
		return nil, err
	}
	u := &unpacking{layer: l, raw: raw, rawHash: sha256.New(), hash: sha256.New(), left: left}
	u.packed = bufio.NewReaderSize(io.TeeReader(patient{ctx, raw}, u.rawHash), 1<<16)
	magic, _ := u.packed.Peek(4) // too short is none of both
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		r, err := gzip.NewReader(u.packed)
		if err != nil {
			raw.Close()
			return nil, err
		}
		u.plain = r
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		r, err := zstd.NewReader(u.packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			raw.Close()
			return nil, err
		}
		u.plain, u.compress = r, r.IOReadCloser()
	default:
		u.plain = u.packed
	}
	return u, nil
}

// Read counts what comes out: a small blob can hold a mountain of zeros.
func (u *unpacking) Read(b []byte) (int, error) {
	n, err := u.plain.Read(b)
	u.hash.Write(b[:n])
	if *u.left -= int64(n); *u.left < 0 {
		return 0, errors.New("its layers unpack to more than can be read")
	}
	return n, err
}

// finish reads what is behind the end of the tar and compares the digests.
func (u *unpacking) finish() error {
	if _, err := io.Copy(io.Discard, u); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, u.packed); err != nil {
		return err
	}
	if got := "sha256:" + hex.EncodeToString(u.rawHash.Sum(nil)); u.layer.blob.digest != "" && got != u.layer.blob.digest {
		return fmt.Errorf("%s is not what its digest says", u.layer.blob.name)
	}
	if got := "sha256:" + hex.EncodeToString(u.hash.Sum(nil)); got != u.layer.diffID {
		return fmt.Errorf("%s does not unpack to what the image's configuration says", u.layer.blob.name)
	}
	return nil
}

func (u *unpacking) Close() error {
	if u.compress != nil {
		u.compress.Close()
	}
	return u.raw.Close()
}
