package sbom

import "fmt"

// spdxJSON is a document in the making, and where it comes from.
type spdxJSON struct {
	spdx
	*reader
}

func readSPDXJSON(r *reader) (document, error) {
	x := &spdxJSON{reader: r}
	var version string
	err := r.object(func(name string) error {
		switch name {
		case "spdxVersion":
			return r.set(&version)
		case "packages":
			return r.list(x.pkg)
		case "documentDescribes":
			return r.strings(func(s string) error { return x.relationship(spdxDocument, "DESCRIBES", s) })
		case "relationships":
			return r.list(func() error {
				var from, kind, to string
				err := r.object(func(name string) error {
					switch name {
					case "spdxElementId":
						return r.set(&from)
					case "relationshipType":
						return r.set(&kind)
					case "relatedSpdxElement":
						return r.set(&to)
					}
					return r.skip()
				})
				if err != nil {
					return err
				}
				if err := x.relationship(from, kind, to); err != nil {
					return fmt.Errorf("line %d: %w", r.at(), err)
				}
				return nil
			})
		}
		return r.skip()
	})
	if err != nil {
		return x.document, err
	}
	x.format = "SPDX " + trimSPDX(version)
	if err := checkSPDX(version); err != nil {
		return x.document, err
	}
	return x.finish()
}

func (x *spdxJSON) pkg() error {
	var c component
	var concluded, declared string
	err := x.object(func(name string) error {
		switch name {
		case "SPDXID":
			return x.set(&c.ref)
		case "name":
			s, err := x.string()
			c.name, c.line = s.text, s.line
			return err
		case "versionInfo":
			return x.set(&c.version)
		case "licenseConcluded":
			return x.set(&concluded)
		case "licenseDeclared":
			return x.set(&declared)
		case "primaryPackagePurpose":
			s, err := x.string()
			c.kind = purpose(s.text)
			return err
		case "externalRefs":
			return x.list(func() error { return x.externalRef(&c) })
		}
		return x.skip()
	})
	if err != nil {
		return err
	}
	c.stated(concluded, declared)
	return x.add(c)
}

func (x *spdxJSON) externalRef(c *component) error {
	var kind string
	var to located
	err := x.object(func(name string) (err error) {
		switch name {
		case "referenceType":
			return x.set(&kind)
		case "referenceLocator":
			to, err = x.string()
			return err
		}
		return x.skip()
	})
	if kind == "purl" && to.text != "" {
		c.purls = append(c.purls, to)
	}
	return err
}
