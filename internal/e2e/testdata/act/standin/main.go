// Standin is what reaches beyond the machine in the jobs that act runs. As docker, gh, kubectl and npm it records
// what it was asked to do in /standin/calls, a line a call, and does no more; a file /standin/fail/<name> makes
// that program fail with the file's text. As standin it keeps artifacts and caches in folders of /standin.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(filepath.Base(os.Args[0]), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(name string, args []string) error {
	if name != "standin" {
		return record(name, args)
	}
	services := map[string]func() error{"upload": upload, "download": download, "save": save, "restore": restore}
	if len(args) != 1 || services[args[0]] == nil {
		return fmt.Errorf("standin does not know %q", args)
	}
	return services[args[0]]()
}
