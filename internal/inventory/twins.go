package inventory

import (
	"regexp"
	"slices"
	"strings"
)

// jsonFormats are those whose parsers do not tell upper from lower case in keys, while the package managers
// do: of "version" and "Version" a parser would take the last, and so judge what nobody installs.
var jsonFormats = []string{
	"javascript/packagelockjson", "python/pipfilelock", "php/composerlock", "dotnet/packageslockjson", "dotnet/depsjson", "cpp/conanlock", "r/renvlock", "swift/packageresolved",
}

// keys are those that parsers read. Names of packages are keys too, and may differ by case alone.
var keys = []string{
	"version", "packages", "packages-dev", "dependencies", "default", "develop", "name", "resolved", "license", "libraries", "targets", "requires", "pins", "state", "object", "package", "type", "link", "hasinstallscript",
}

// tomlFormats are the same in TOML. No lockfile has these keys in another spelling than the usual one.
var (
	tomlFormats = []string{"rust/cargolock", "python/poetrylock", "python/pdmlock", "python/uvlock", "python/pylock"}
	tomlTwin    = regexp.MustCompile(`(?mi)^[ \t]*["']?(version|name|package|packages)["']?[ \t]*=`)
)

// twinKey is a key that an object has in two spellings; "" where there is none.
func twinKey(format Format, text []byte) string {
	if slices.Contains(tomlFormats, format.Plugin) {
		for _, m := range tomlTwin.FindAllSubmatch(text, -1) {
			if key := string(m[1]); key != strings.ToLower(key) {
				return key
			}
		}
		return ""
	}
	if !slices.Contains(jsonFormats, format.Plugin) {
		return ""
	}
	j := newJSONText(text)
	found := ""
	j.twins(&found)
	return found
}

// twins looks through a value and those in it.
func (j *jsonText) twins(found *string) {
	switch j.peek() {
	case '{':
		var seen []string
		j.object(func(key string, _ int) {
			if folded := strings.ToLower(key); slices.Contains(keys, folded) {
				if slices.ContainsFunc(seen, func(other string) bool { return other != key && strings.EqualFold(other, key) }) && *found == "" {
					*found = key
				}
				seen = append(seen, key)
			}
			j.twins(found)
		})
	case '[':
		j.array(func(int) { j.twins(found) })
	default:
		j.skip()
	}
}
