package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const artifacts = "/standin/artifacts"

func upload() error {
	name := os.Getenv("NAME")
	to := filepath.Join(artifacts, name)
	if _, err := os.Stat(to); err == nil {
		return fmt.Errorf("an artifact with the name %s exists already", name)
	}
	files, err := matching(os.Getenv("FILES"), os.Getenv("HIDDEN") == "true")
	if err != nil {
		return err
	}
	if len(files) == 0 {
		if os.Getenv("NONE") == "error" {
			return fmt.Errorf("no files were found at %s", os.Getenv("FILES"))
		}
		fmt.Println("::warning::no files were found")
		return nil
	}
	common := filepath.Dir(files[0])
	for _, file := range files {
		for common != "." && !strings.HasPrefix(file, common+"/") {
			common = filepath.Dir(common)
		}
	}
	for _, file := range files {
		rel, err := filepath.Rel(common, file)
		if err != nil {
			return err
		}
		if err := duplicate(file, filepath.Join(to, rel)); err != nil {
			return err
		}
	}
	fmt.Printf("artifact %s: %q\n", name, files)
	return nil
}

// matching are the files that lines of patterns stand for. Nothing hidden is among them unless it is wanted.
func matching(lines string, hidden bool) ([]string, error) {
	var files []string
	for pattern := range strings.SplitSeq(lines, "\n") {
		if strings.TrimSpace(pattern) == "" {
			continue
		}
		found, err := filepath.Glob(filepath.Clean(strings.TrimSpace(pattern)))
		if err != nil {
			return nil, err
		}
		for _, path := range found {
			err := filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				if hidden || !strings.HasPrefix(path, ".") && !strings.Contains(path, "/.") {
					files = append(files, path)
				}
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

func download() error {
	name, pattern, to := os.Getenv("NAME"), os.Getenv("PATTERN"), os.Getenv("TO")
	if name != "" {
		if _, err := os.Stat(filepath.Join(artifacts, name)); err != nil {
			return fmt.Errorf("there is no artifact %s", name)
		}
		return duplicateAll(filepath.Join(artifacts, name), to)
	}
	if pattern == "" {
		pattern = "*"
	}
	found, err := filepath.Glob(filepath.Join(artifacts, pattern))
	if err != nil {
		return err
	}
	for _, folder := range found {
		into := filepath.Join(to, filepath.Base(folder))
		if os.Getenv("MERGE") == "true" {
			into = to
		}
		if err := duplicateAll(folder, into); err != nil {
			return err
		}
	}
	return nil
}

func duplicateAll(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		return duplicate(path, filepath.Join(to, rel))
	})
}

func duplicate(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	// The service keeps no modes: what was executable is not so any more.
	return errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, text, 0o644))
}
