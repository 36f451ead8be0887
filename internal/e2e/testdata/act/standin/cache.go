package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const caches = "/standin/caches"

// entry is where a key is kept: numbered, so that the newest is known. Keys may hold what no file name may.
func entry(number int, key string) string {
	return filepath.Join(caches, fmt.Sprintf("%06d-%s", number, strings.ReplaceAll(key, "/", "%")))
}

// kept are the keys, oldest first.
func kept() ([]string, error) {
	folders, err := os.ReadDir(caches)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	var keys []string
	for i, folder := range folders {
		number, key, _ := strings.Cut(folder.Name(), "-")
		if n, err := strconv.Atoi(number); err != nil || n != i {
			return nil, fmt.Errorf("what is %s?", folder.Name())
		}
		keys = append(keys, strings.ReplaceAll(key, "%", "/"))
	}
	return keys, nil
}

func save() error {
	key := os.Getenv("KEY")
	keys, err := kept()
	if err != nil {
		return err
	}
	for _, other := range keys {
		if other == key {
			fmt.Printf("::warning::the key %s exists already, nothing is saved\n", key)
			return nil
		}
	}
	if _, err := os.Stat(os.Getenv("FOLDER")); err != nil {
		fmt.Println("::warning::there is nothing to save")
		return nil
	}
	return duplicateAll(os.Getenv("FOLDER"), entry(len(keys), key))
}

func restore() error {
	keys, err := kept()
	if err != nil {
		return err
	}
	for i, key := range keys {
		if key == os.Getenv("KEY") {
			return duplicateAll(entry(i, key), os.Getenv("FOLDER"))
		}
	}
	for beginning := range strings.Lines(os.Getenv("KEY") + "\n" + os.Getenv("BEGINNINGS")) {
		beginning = strings.TrimSpace(beginning)
		for i := len(keys) - 1; beginning != "" && i >= 0; i-- {
			if strings.HasPrefix(keys[i], beginning) {
				fmt.Println("restored", keys[i])
				return duplicateAll(entry(i, keys[i]), os.Getenv("FOLDER"))
			}
		}
	}
	fmt.Println("nothing was kept yet")
	return nil
}
