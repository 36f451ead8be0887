package sbom

import (
	"encoding/xml"
	"strings"
)

const cycloneDXSpace = "http://cyclonedx.org/schema/bom/"

// cycloneDXML is a document in the making, and where it comes from.
type cycloneDXML struct {
	document
	*elements
	space string
}

func readCycloneDXXML(text []byte) (document, error) {
	if err := checkTags(text); err != nil {
		return document{}, err
	}
	e := newElements(text)
	root, err := e.root()
	if err != nil {
		return document{}, err
	}
	version, ok := strings.CutPrefix(root.Name.Space, cycloneDXSpace)
	if !ok || root.Name.Local != "bom" {
		return document{}, errForeign
	}
	if err := checkCycloneDX(version); err != nil {
		return document{}, err
	}
	x := &cycloneDXML{elements: e, space: root.Name.Space}
	x.format = "CycloneDX " + version
	err = x.children(x.space, func(s xml.StartElement) error {
		switch s.Name.Local {
		case "metadata":
			return x.children(x.space, func(s xml.StartElement) error {
				if s.Name.Local != "component" {
					return x.skip()
				}
				return x.component(s, true)
			})
		case "components":
			return x.list()
		case "dependencies":
			return x.children(x.space, x.dependency)
		case "compositions":
			return x.children(x.space, x.composition)
		}
		return x.skip()
	})
	if err != nil {
		return x.document, err
	}
	return x.document, x.end()
}

// list reads components within the element that was opened.
func (x *cycloneDXML) list() error {
	return x.children(x.space, func(s xml.StartElement) error {
		if s.Name.Local != "component" {
			return x.skip()
		}
		return x.component(s, false)
	})
}

// component reads a component and those within it. The root is what the document is about.
func (x *cycloneDXML) component(start xml.StartElement, root bool) error {
	c := component{ref: attribute(start, "bom-ref"), kind: attribute(start, "type")}
	group, name, told := "", "", told{}
	err := x.children(x.space, func(s xml.StartElement) error {
		switch s.Name.Local {
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
			return x.children(x.space, func(s xml.StartElement) error { return x.license(s, &c) })
		case "properties":
			return x.children(x.space, func(s xml.StartElement) error {
				value, err := x.string()
				told.property(attribute(s, "name"), value.text)
				return err
			})
		case "components":
			return x.list()
		}
		return x.skip()
	})
	if err != nil {
		return err
	}
	c.finish(group, name, told)
	return x.take(c, root)
}

func (x *cycloneDXML) license(start xml.StartElement, c *component) error {
	var id, name, expression string
	var err error
	switch start.Name.Local {
	case "expression":
		err = x.set(&expression)
	case "license":
		err = x.children(x.space, func(s xml.StartElement) error {
			switch s.Name.Local {
			case "id":
				return x.set(&id)
			case "name":
				return x.set(&name)
			}
			return x.skip()
		})
	default:
		err = x.skip()
	}
	c.licensed(id, expression, name)
	return err
}

func (x *cycloneDXML) dependency(start xml.StartElement) error {
	from := attribute(start, "ref")
	return x.children(x.space, func(s xml.StartElement) error {
		if s.Name.Local == "dependency" {
			if err := x.edge(from, attribute(s, "ref")); err != nil {
				return err
			}
		}
		return x.skip()
	})
}

// composition finds out whether the document says of itself that parts are missing.
func (x *cycloneDXML) composition(xml.StartElement) error {
	return x.children(x.space, func(s xml.StartElement) error {
		if s.Name.Local != "aggregate" {
			return x.skip()
		}
		aggregate, err := x.string()
		x.incomplete = x.incomplete || strings.HasPrefix(aggregate.text, "incomplete")
		return err
	})
}
