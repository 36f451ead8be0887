package sbom

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// cycloneDXVersion are the versions whose components mean what is read here
// (https://cyclonedx.org/specification/overview/).
var cycloneDXVersion = regexp.MustCompile(`^1\.[2-9]$`)

func checkCycloneDX(version string) error {
	if !cycloneDXVersion.MatchString(version) {
		return fmt.Errorf("its version of CycloneDX is %q, not one from 1.2 on", shorten(version))
	}
	return nil
}

func shorten(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}

// told is what one scanner tells in properties: that a component stands for a manifest, and the
// source package of a distribution's package.
type told struct{ class, source, version, release, epoch string }

func (t *told) property(name, value string) {
	switch name {
	case "aquasecurity:trivy:Class":
		t.class = value
	case "aquasecurity:trivy:SrcName":
		t.source = value
	case "aquasecurity:trivy:SrcVersion":
		t.version = value
	case "aquasecurity:trivy:SrcRelease":
		t.release = value
	case "aquasecurity:trivy:SrcEpoch":
		t.epoch = value
	}
}

// finish sets what only all fields together tell.
func (c *component) finish(group, name string, t told) {
	c.kind, c.name = strings.ToLower(c.kind), name
	if group != "" {
		c.name = group + "/" + name
	}
	c.listing = t.class != "" && len(c.purls) == 0
	c.source.Name, c.source.Version = t.source, t.version
	if t.version != "" && t.release != "" {
		c.source.Version += "-" + t.release
	}
	if t.version != "" && t.epoch != "" && t.epoch != "0" {
		c.source.Version = t.epoch + ":" + c.source.Version
	}
}

// take adds a component. The root is none: it is what the document is about.
func (d *document) take(c component, root bool) error {
	if root {
		if c.ref != "" {
			d.roots = append(d.roots, c.ref)
		}
		return nil
	}
	return d.add(c)
}

// licensed adds a licence. Of the three ways to tell one, an id says most and a name least.
func (c *component) licensed(id, expression, name string) {
	l := strings.TrimSpace(cmp.Or(strings.TrimSpace(id), strings.TrimSpace(expression), strings.TrimSpace(name)))
	if l != "" && l != "NOASSERTION" && l != "NONE" && !slices.Contains(c.licenses, l) && len(c.licenses) < licenseLimit {
		c.licenses = append(c.licenses, l)
	}
}

// licenseLimit is the most licences of a component that are kept.
const licenseLimit = 100
