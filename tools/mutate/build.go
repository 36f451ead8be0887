package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// compile makes one test binary with all mutants of a package in it. The package's own files stay as they
// are: the go command is told to read others in their place.
func compile(p *loaded, files []*rewriter, scratch string) (binary string, err error) {
	dir := filepath.Join(p.root, filepath.FromSlash(p.dir))
	replace := map[string]string{}
	put := func(name, text string) error {
		file := filepath.Join(scratch, strconv.Itoa(len(replace))+".go")
		replace[filepath.Join(dir, name)] = file
		return os.WriteFile(file, []byte(text), 0o600)
	}
	for _, f := range files {
		if err := put(filepath.Base(f.path), f.whole()); err != nil {
			return "", err
		}
	}
	if err := put("mutant_switch.go", switchFile(p.pkg.Name())); err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	list := filepath.Join(scratch, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return "", err
	}
	binary = filepath.Join(scratch, "tests")
	cmd := exec.Command("go", "test", "-c", "-vet=off", "-overlay", list, "-o", binary, "./"+p.dir)
	cmd.Dir = p.root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("compile %s with its mutants: %w\n%s", p.dir, err, out)
	}
	if _, err := os.Stat(binary); err != nil {
		return "", fmt.Errorf("%s has no tests", p.dir)
	}
	return binary, nil
}
