package osv

import (
	"fmt"
	"regexp"
)

var bound = regexp.MustCompile(`(<=|>=|<|>|=)\s*([^\s,<>=]+)`)

// Within tells whether a package's version meets every bound of a range such as ">=1.2.0 <1.4.0". A
// version that cannot be compared with them is an error: nobody knows.
func (p Package) Within(versions string) (bool, error) {
	bounds := bound.FindAllStringSubmatch(versions, -1)
	if len(bounds) == 0 {
		return false, fmt.Errorf("%q is no range of versions", versions)
	}
	for _, b := range bounds {
		order, err := compare(p.Ecosystem, p.Version, b[2])
		if err != nil {
			return false, err
		}
		met := map[string]bool{"<": order < 0, "<=": order <= 0, "=": order == 0, ">=": order >= 0, ">": order > 0}
		if !met[b[1]] {
			return false, nil
		}
	}
	return true, nil
}
