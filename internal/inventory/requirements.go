package inventory

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// pipFile is a requirements file, read far enough to know what the scanner's parser passes over in
// silence.
type pipFile struct {
	text     []byte   // for the parser: without the includes, which it would follow out of the tree
	includes []string // paths of other requirements files, relative to this one's folder
	foreign  []int    // lines that name no release: a repository, an address, a variable
	local    []int    // lines that name a folder or a file of the tree, whose manifests are found there
	named    int      // lines that name a release or a range of them
	loose    int      // of named, those that allow more than one version
}

var (
	pipComment     = regexp.MustCompile(`(^|\s+)#.*$`)
	pipInclude     = regexp.MustCompile(`^(?:-r\s*|--requirement(?:\s+|=))(\S+)$`)
	pipEditable    = regexp.MustCompile(`^(?:-e\s*|--editable(?:\s+|=))(\S.*)$`)
	pipOption      = regexp.MustCompile(`\s--(?:hash|global-option|config-settings)\b.*$`)
	pipRequirement = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\s*(?:\[[^\[\]]*\])?\s*(?:(===|==|~=|!=|<=|>=|<|>)[^@()]+)?$`)
)

// readPip reads a requirements file (https://pip.pypa.io/en/stable/reference/requirements-file-format/).
func readPip(text []byte) (pipFile, error) {
	lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	var f pipFile
	for i := 0; i < len(lines); i++ {
		first, whole := i, pipComment.ReplaceAllString(lines[i], "")
		for strings.HasSuffix(whole, `\`) && i+1 < len(lines) {
			i++
			whole = strings.TrimSuffix(whole, `\`) + pipComment.ReplaceAllString(lines[i], "")
		}
		line := strings.TrimSpace(pipOption.ReplaceAllString(whole, ""))
		if include := pipInclude.FindStringSubmatch(line); include != nil {
			f.includes = append(f.includes, include[1])
			for ; first <= i; first++ {
				lines[first] = ""
			}
			continue
		}
		if err := f.take(line, first+1); err != nil {
			return pipFile{}, err
		}
	}
	f.text = []byte(strings.Join(lines, "\n"))
	return f, nil
}

// take judges one requirement by its form.
func (f *pipFile) take(line string, number int) error {
	if editable := pipEditable.FindStringSubmatch(line); editable != nil {
		line = editable[1]
		if !strings.Contains(line, "://") {
			f.local = append(f.local, number)
			return nil
		}
	}
	requirement, _, _ := strings.Cut(line, ";")
	requirement = strings.TrimSpace(requirement)
	switch {
	case requirement == "" || strings.HasPrefix(requirement, "-"):
		return nil
	case strings.HasPrefix(requirement, ".") || strings.HasPrefix(requirement, "/"):
		f.local = append(f.local, number)
		return nil
	case strings.Contains(requirement, "://") || strings.Contains(requirement, "${") || strings.Contains(requirement, " @ "):
		f.foreign = append(f.foreign, number)
		return nil
	}
	parts := pipRequirement.FindStringSubmatch(requirement)
	if parts == nil {
		return fmt.Errorf("line %d is no requirement", number)
	}
	f.named++
	if parts[1] != "==" && parts[1] != "===" {
		f.loose++
	}
	return nil
}

// note says what the parser leaves open. Folders of the tree are worth a word only where there is
// nothing else: the file then vouches for no package.
func (f pipFile) note() string {
	var notes []string
	unmatched := f.foreign
	if f.named == 0 {
		unmatched = slices.Sorted(slices.Values(slices.Concat(f.foreign, f.local)))
	}
	if len(unmatched) > 0 {
		notes = append(notes, fmt.Sprintf("line %s: no release of a package, so no advisory can be matched", numbers(unmatched)))
	}
	if f.loose > 0 {
		notes = append(notes, fmt.Sprintf("%d of its lines pin no version; where one is named at all, that one is judged", f.loose))
	}
	return strings.Join(notes, "; ")
}

// included is the path of a file that another one includes; false where it leads out of the tree.
func included(by, name string) (string, bool) {
	if path.IsAbs(name) || strings.Contains(name, "://") || strings.Contains(name, `\`) {
		return name, false
	}
	target := path.Join(path.Dir(by), name)
	return target, target != ".." && !strings.HasPrefix(target, "../")
}

func numbers(lines []int) string {
	texts := make([]string, len(lines))
	for i, n := range lines {
		texts[i] = fmt.Sprint(n)
	}
	return strings.Join(texts, ", ")
}
