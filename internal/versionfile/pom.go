package versionfile

import (
	"errors"
	"regexp"
)

// property is a value that Maven takes from elsewhere, https://maven.apache.org/guides/mini/guide-maven-ci-friendly.html.
var property = regexp.MustCompile(`^\$\{([^${}]+)\}$`)

// findPOM finds the project's own version, or the property of the same file that it is made from.
func findPOM(body []byte, _ Target) ([]site, error) {
	sites, err := findInXML(body, true, "project", names("version"))
	var absent *Absent
	if errors.As(err, &absent) {
		return nil, absentf("project/version is missing: the version is that of project/parent; name the parent's pom.xml, or the key, as in pom.xml#parent.version")
	}
	if err != nil {
		return nil, err
	}
	m := property.FindStringSubmatch(sites[0].value)
	if m == nil {
		return sites, nil
	}
	key := Key{name("properties"), name(m[1])}
	from, err := findInXML(body, true, "project", key)
	if errors.As(err, &absent) {
		return nil, absentf("line %d: version is %s, and the property %s is not in project/properties of this file; name the file that defines it, as in parent/pom.xml#%s",
			lineOf(body, sites[0].start), clip(sites[0].value), clip(m[1]), key)
	}
	return from, err
}
