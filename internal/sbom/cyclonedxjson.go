package sbom

import (
	"errors"
	"strings"
)

// cycloneDX is a document in the making, and where it comes from.
type cycloneDX struct {
	document
	*reader
}

func readCycloneDXJSON(r *reader) (document, error) {
	x := &cycloneDX{reader: r}
	var format, version string
	err := r.object(func(name string) error {
		switch name {
		case "bomFormat":
			return r.set(&format)
		case "specVersion":
			return r.set(&version)
		case "metadata":
			return r.object(func(name string) error {
				if name != "component" {
					return r.skip()
				}
				return x.component(true)
			})
		case "components":
			return r.list(func() error { return x.component(false) })
		case "dependencies":
			return r.list(x.dependency)
		case "compositions":
			return r.list(x.composition)
		}
		return r.skip()
	})
	switch {
	case err != nil:
		return x.document, err
	case format != "CycloneDX":
		return x.document, errors.New("its bomFormat is not CycloneDX")
	}
	x.format = "CycloneDX " + version
	return x.document, checkCycloneDX(version)
}

// component reads a component and those within it. The root is what the document is about.
func (x *cycloneDX) component(root bool) error {
	c, group, name, told := component{}, "", "", told{}
	err := x.object(func(field string) error {
		switch field {
		case "bom-ref":
			return x.set(&c.ref)
		case "type":
			return x.set(&c.kind)
		case "group":
			return x.set(&group)
		case "name":
			s, err := x.string()
			name, c.line = s.text, s.line
			return err
		case "version":
			return x.set(&c.version)
		case "scope":
			s, err := x.string()
			c.excluded = s.text == "excluded"
			return err
		case "purl":
			s, err := x.string()
			if s.text != "" {
				c.purls = []located{s}
			}
			return err
		case "licenses":
			return x.list(func() error { return x.license(&c) })
		case "properties":
			return x.list(func() error {
				var name, value string
				err := x.object(func(field string) error {
					switch field {
					case "name":
						return x.set(&name)
					case "value":
						return x.set(&value)
					}
					return x.skip()
				})
				told.property(name, value)
				return err
			})
		case "components":
			return x.list(func() error { return x.component(false) })
		}
		return x.skip()
	})
	if err != nil {
		return err
	}
	c.finish(group, name, told)
	return x.take(c, root)
}

func (x *cycloneDX) license(c *component) error {
	var id, name, expression string
	err := x.object(func(field string) error {
		switch field {
		case "expression":
			return x.set(&expression)
		case "license":
			return x.object(func(field string) error {
				switch field {
				case "id":
					return x.set(&id)
				case "name":
					return x.set(&name)
				}
				return x.skip()
			})
		}
		return x.skip()
	})
	c.licensed(id, expression, name)
	return err
}

func (x *cycloneDX) dependency() error {
	var ref string
	var on []string
	err := x.object(func(field string) error {
		switch field {
		case "ref":
			return x.set(&ref)
		case "dependsOn":
			return x.strings(func(s string) error {
				on = append(on, s)
				return nil
			})
		}
		return x.skip()
	})
	if err != nil {
		return err
	}
	for _, to := range on {
		if err := x.edge(ref, to); err != nil {
			return err
		}
	}
	return nil
}

// composition finds out whether the document says of itself that parts are missing.
func (x *cycloneDX) composition() error {
	var aggregate string
	err := x.object(func(field string) error {
		if field == "aggregate" {
			return x.set(&aggregate)
		}
		return x.skip()
	})
	x.incomplete = x.incomplete || strings.HasPrefix(aggregate, "incomplete")
	return err
}
