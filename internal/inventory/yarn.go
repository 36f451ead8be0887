package inventory

import "strings"

// surveyYarn reads yarn.lock, of Yarn 1 and of its successors, which look alike: a header that names
// what is asked for, and below it what was found. The line is that of the header.
func surveyYarn(l Lockfile) survey {
	var sites []site
	var current *site
	block := false // what follows are the dependencies of current
	berry := false
	for number, line := range lines(l.Text) {
		text := strings.TrimSpace(line)
		indent := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case text == "" || text[0] == '#':
		case indent == 0:
			sites = append(sites, yarnHeader(text, number))
			current, block = &sites[len(sites)-1], false
			if text == "__metadata:" {
				current.name, berry = "", true
			}
		case current == nil:
		case indent == 2:
			key, value := yarnField(text)
			block = key == "dependencies" || key == "optionalDependencies" || key == "peerDependencies"
			if key == "version" {
				current.version = value
			}
		case indent == 4 && block:
			name, version := yarnField(text)
			current.needs = append(current.needs, name+"@"+version)
		}
	}
	if !berry {
		if roots, ok := l.declared("package.json", func(text []byte) (wanted []string, err error) {
			ranges, err := rangesOfNode(text)
			for name, version := range ranges {
				wanted = append(wanted, name+"@"+version)
			}
			return wanted, err
		}); ok {
			sites = append(sites, project(roots))
		}
	}
	return survey{sites: sites}
}

// yarnHeader reads "name@range", "name@range": or, of newer releases, "name@npm:range, name@npm:range":.
func yarnHeader(text string, number int) site {
	text = strings.TrimSuffix(text, ":")
	s := site{line: number}
	for i, d := range strings.Split(strings.ReplaceAll(text, `"`, ""), ",") {
		d = strings.TrimSpace(d)
		at := strings.LastIndex(d, "@workspace:")
		if at > 0 {
			s.root = true
		}
		s.keys = append(s.keys, d)
		if i == 0 {
			s.name = yarnName(d)
		}
		if name, version, ok := strings.Cut(d, "@npm:"); ok && name != "" {
			s.keys = append(s.keys, name+"@"+version)
		}
	}
	return s
}

// yarnName is the name of a package as the parser spells it.
func yarnName(descriptor string) string {
	for range 10 {
		rest := strings.TrimPrefix(descriptor, "@")
		scope := len(descriptor) - len(rest)
		name, version, _ := strings.Cut(rest, "@")
		alias, ok := strings.CutPrefix(version, "npm:")
		if !ok || !strings.Contains(alias, "@") {
			return descriptor[:scope] + name
		}
		descriptor = alias
	}
	return descriptor
}

// yarnField splits key "value" or key: value.
func yarnField(text string) (key, value string) {
	if quoted, ok := strings.CutPrefix(text, `"`); ok {
		key, value, _ = strings.Cut(quoted, `"`)
	} else if i := strings.IndexAny(text, " :"); i >= 0 {
		key, value = text[:i], text[i:]
	} else {
		key = text
	}
	return key, strings.Trim(strings.TrimPrefix(value, ":"), ` "`)
}
