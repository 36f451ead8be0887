package versionfile

import (
	"errors"
	"fmt"
	"slices"
)

// findPyproject finds [project] version and that of Poetry, https://packaging.python.org/en/latest/specifications/pyproject-toml/.
func findPyproject(body []byte, _ Target) ([]site, error) {
	document, err := decodeTOML(body)
	if err != nil {
		return nil, err
	}
	sites, err := findInTOML(body, true, names("project", "version"), names("tool", "poetry", "version"))
	var absent *Absent
	if errors.As(err, &absent) && isDynamic(document) {
		return nil, absentf(`[project] says dynamic = ["version"], so its version is made elsewhere when it is built; name the file that it is made from, such as src/acme/__init__.py with the mark %s, or write version = "…" here`, Mark)
	}
	if errors.As(err, &absent) {
		return nil, absentf("there is neither [project] version nor [tool.poetry] version")
	}
	return agreeing(sites, err)
}

func isDynamic(document map[string]any) bool {
	project, _ := document["project"].(map[string]any)
	dynamic, _ := project["dynamic"].([]any)
	return slices.Contains(dynamic, any("version"))
}

// agreeing refuses places that hold different versions: they may not mean the same thing.
func agreeing(sites []site, err error) ([]site, error) {
	if len(sites) == 2 && sites[0].value != sites[1].value {
		return nil, fmt.Errorf("%s is %q and %s is %q; name the one that is meant as a key, as in path#%s",
			sites[0].key, clip(sites[0].value), sites[1].key, clip(sites[1].value), sites[0].key)
	}
	return sites, err
}
