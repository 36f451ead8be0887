package changelog

import (
	"net/url"
	"strings"

	"github.com/slipway-actions/slipway/internal/commit"
)

// links makes addresses of the repository's pages; the zero value makes none.
type links struct {
	repository string // https://github.com/acme/shop
	server     string // https://github.com
}

// name is the repository's owner/name, "" where none is known.
func (l links) name() string {
	return strings.TrimPrefix(strings.TrimPrefix(l.repository, l.server), "/")
}

// link leads from text, which is Markdown, to a page of the repository.
func (l links) link(text, path string) string {
	if l.repository == "" {
		return text
	}
	return "[" + text + "](" + l.repository + path + ")"
}

func (l links) pull(number string) string  { return l.link("#"+number, "/pull/"+number) }
func (l links) issue(number string) string { return l.link("#"+number, "/issues/"+number) }
func (l links) commit(sha string) string   { return l.link(commit.Short(sha), "/commit/"+sha) }

// advisory leads to a published vulnerability.
func advisory(id string) string { return "[" + id + "](" + advisoryURL(id) + ")" }

func advisoryURL(id string) string {
	if strings.HasPrefix(id, "GHSA-") {
		return "https://github.com/advisories/" + id
	}
	return "https://www.cve.org/CVERecord?id=" + id
}

// compare is the page that shows the commits of a release, "" where no repository is known.
func (l links) compare(r release) string {
	switch {
	case l.repository == "":
		return ""
	case r.previous == "":
		return l.repository + "/releases/tag/" + ref(r.tag)
	}
	return l.repository + "/compare/" + ref(r.previous) + "..." + ref(r.tag)
}

// all is the page that ends a release's notes: as compare, but for what is not released yet, too.
func (l links) all(r release) (text, address string) {
	to := r.tag
	if to == "" {
		to = r.tip
	}
	switch {
	case l.repository == "" || to == "":
		return "", ""
	case r.previous == "":
		return "up to " + name(to), l.repository + "/commits/" + ref(to)
	}
	return name(r.previous) + "..." + name(to), l.repository + "/compare/" + ref(r.previous) + "..." + ref(to)
}

// ref is a tag or commit as it stands in an address.
func ref(name string) string { return refEscapes.Replace(url.PathEscape(name)) }

// refEscapes keep the slashes of a name, and keep it from ending a link.
var refEscapes = strings.NewReplacer("%2F", "/", "(", "%28", ")", "%29")

// name is a tag, or a commit's id shortened.
func name(ref string) string {
	if len(ref) >= 40 && strings.Trim(ref, "0123456789abcdef") == "" {
		return commit.Short(ref)
	}
	return ref
}
