package advisory

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
)

// Bounds of what is taken from a mirror.
const (
	archiveLimit = 1 << 30 // bytes of an archive
	archiveTime  = 5 * time.Minute
	mirrorTime   = 15 * time.Minute
)

// Mirror is a database that is fetched whole: archives laid out as those that osv.dev publishes,
// <Base>/<ecosystem>/all.zip.
type Mirror struct {
	Name    string   // for people
	Base    *url.URL // without secrets: errors may tell its host
	Cache   string   // a folder for the archives; "" is none, and they are fetched every time
	Digests map[string]string
	Sleep   func(ctx context.Context, d time.Duration) error

	limit int64 // bytes of an archive; 0 is archiveLimit
}

// Ask fetches the archives of all ecosystems that the packages are of, unless they are in the cache
// as they are on the mirror, and reads the records that concern the packages. Where an archive has
// a digest in Digests (sha256:… by ecosystem), no other is used.
func (m Mirror) Ask(ctx context.Context, packages []osv.Package) Answer {
	ctx, cancel := context.WithTimeout(ctx, mirrorTime)
	defer cancel()
	a := asking{ctx: ctx, answer: Answer{Source: m.Name, Candidates: map[osv.Package][]Candidate{}}}
	defer a.close()
	kept := m.Cache != "" && os.MkdirAll(m.Cache, 0o755) == nil
	if !kept {
		dir, err := os.MkdirTemp("", "slipway-mirror-")
		if err != nil {
			a.problem("", "Make room for temporary files.", "no archive could be fetched: %v", err)
			return a.answer
		}
		defer os.RemoveAll(dir)
		m.Cache = dir
	}
	for ecosystem, packages := range byEcosystem(packages) {
		c, problem := m.copy(ctx, ecosystem)
		if problem != nil {
			a.answer.Problems = append(a.answer.Problems, *problem)
		}
		if c.Digest == "" {
			continue
		}
		var places shelf
		if kept {
			places = newShelf(c.dir, "", ecosystem)
		}
		a.ask(ecosystem, data{files: []string{c.file()}, called: m.Base.Host + "/…/" + ecosystem + "/all.zip", digest: c.Digest, asOf: c.asOf()}, places, packages)
	}
	a.aliases()
	return a.answer.sorted()
}

// copy takes the archive of an ecosystem from the mirror or from the cache. The one from the cache
// that nobody vouches for comes together with a problem: it may tell of something, but it passes nothing.
func (m Mirror) copy(ctx context.Context, ecosystem string) (copied, *Problem) {
	problem := func(next, format string, args ...any) *Problem {
		return &Problem{Ecosystem: ecosystem, Text: fmt.Sprintf(format, args...), Next: next}
	}
	if !plainName.MatchString(ecosystem) {
		return copied{}, problem("Leave these packages out, or judge them by other means.", "there are no advisories for packages of the ecosystem %q", ecosystem)
	}
	wanted := strings.ToLower(m.Digests[ecosystem])
	if wanted != "" && !plainDigest.MatchString(wanted) {
		return copied{}, problem("Give it as sha256: and 64 digits.", "the digest %q that is wanted of %s is none", m.Digests[ecosystem], ecosystem)
	}
	last := lastCopy(m.place(ecosystem))
	if wanted != "" && last.Digest == wanted {
		return last, nil // its content is certain, whatever the mirror has by now
	}
	c, err := m.fetch(ctx, ecosystem, last)
	switch {
	case refused(err, http.StatusNotFound):
		return copied{}, problem(fmt.Sprintf("Add %s to the mirror, or set the input database to osv.dev.", ecosystem), "the mirror has no advisories for %s: %v", ecosystem, err)
	case err != nil && last.Digest != "" && wanted == "":
		return last, problem("Run the step again.", "the advisories could not be fetched: %v; those of an earlier run were judged by instead", err)
	case err != nil:
		return copied{}, problem("Run the step again.", "the advisories could not be fetched: %v", err)
	case wanted != "" && c.Digest != wanted:
		return copied{}, problem("Find out why; then set the digest to that of the data you trust.", "%s/…/%s/all.zip has the digest %s, and %s is wanted", m.Base.Host, ecosystem, c.Digest, wanted)
	}
	return c, nil
}

// fetch asks for an archive, or whether the last one still is the mirror's.
func (m Mirror) fetch(ctx context.Context, ecosystem string, last copied) (copied, error) {
	d, err := newDownload(m.place(ecosystem))
	if err != nil {
		return copied{}, err
	}
	defer d.remove()
	question := request{
		method: http.MethodGet, path: url.PathEscape(ecosystem) + "/all.zip", limit: m.limit, time: archiveTime,
		header: map[string]string{"Accept-Encoding": "identity"},
	}
	if question.limit == 0 {
		question.limit = archiveLimit
	}
	if last.Digest != "" && last.ETag != "" {
		question.header["If-None-Match"] = last.ETag
	}
	if last.Digest != "" && last.LastModified != "" {
		question.header["If-Modified-Since"] = last.LastModified
	}
	header, err := client{m.Base, m.Sleep}.fetch(ctx, question, d)
	if refused(err, http.StatusNotModified) && len(question.header) > 1 {
		return last, nil
	}
	if err != nil {
		return copied{}, err
	}
	return d.keep(state{Digest: d.digest(), ETag: header.Get("ETag"), LastModified: header.Get("Last-Modified")}, last)
}

func (m Mirror) place(ecosystem string) string {
	return filepath.Join(m.Cache, "osv-mirror", fileName(m.Base.String()), ecosystem)
}
