package license

import "strings"

// spellings are names in plain words that can mean one licence only, as registries hold many. Names
// that leave a version or a number of clauses open ("BSD", "Apache", "GPL v3") are not among them.
var spellings = map[string]string{
	"apache 2.0":                          "Apache-2.0",
	"apache license 2.0":                  "Apache-2.0",
	"apache license version 2.0":          "Apache-2.0",
	"apache software license 2.0":         "Apache-2.0",
	"apache software license version 2.0": "Apache-2.0",
	"bsd 2-clause license":                "BSD-2-Clause",
	"bsd 3-clause license":                "BSD-3-Clause",
	"bsd 3-clause":                        "BSD-3-Clause",
	"bsd 2-clause":                        "BSD-2-Clause",
	"eclipse public license 2.0":          "EPL-2.0",
	"eclipse public license v2.0":         "EPL-2.0",
	"isc license":                         "ISC",
	"mit license":                         "MIT",
	"mozilla public license 2.0":          "MPL-2.0",
	"mozilla public license version 2.0":  "MPL-2.0",
}

// plain is a name without what does not tell one from another.
func plain(text string) string {
	text = strings.ToLower(strings.ReplaceAll(text, ",", ""))
	return strings.TrimPrefix(strings.Join(strings.Fields(text), " "), "the ")
}
