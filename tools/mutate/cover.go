package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"text/tabwriter"
)

// covered counts the statements of a file, or of several.
type covered struct{ all, run int }

func (c covered) percent() float64 {
	if c.all == 0 {
		return 100 // types and constants alone
	}
	return 100 * float64(c.run) / float64(c.all)
}

// cover measures how many statements of each package its own tests run.
func cover(o options, w io.Writer) (bool, error) {
	subjects, err := readSubjects(o.file("packages.txt"), o.names)
	if err != nil {
		return false, err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "package\tstatements\trun\tcoverage\tleast of its files\t")
	good := true
	for _, s := range subjects {
		files, err := coverage(o.root, s)
		if err != nil {
			return false, err
		}
		var sum covered
		least := ""
		for name, c := range files {
			sum.all, sum.run = sum.all+c.all, sum.run+c.run
			if least == "" || c.percent() < files[least].percent() || c.percent() == files[least].percent() && name < least {
				least = name
			}
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%.1f %%\t%s %.1f %%\t\n", s.dir, sum.all, sum.run, sum.percent(), least, files[least].percent())
		good = good && sum.all > 0 && sum.percent() >= o.least
	}
	table.Flush()
	if !good {
		fmt.Fprintf(w, "a package does not pass: %.0f %% are wanted of each\n", o.least)
	}
	return good, nil
}

// coverage runs the tests of one package and counts the statements of the files that count.
func coverage(root string, s subject) (map[string]covered, error) {
	profile, err := os.CreateTemp("", "cover")
	if err != nil {
		return nil, err
	}
	profile.Close()
	defer os.Remove(profile.Name())
	cmd := exec.Command("go", "test", "-count=1", "-timeout=10m", "-coverprofile="+profile.Name(), "./"+s.dir)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("test %s: %w\n%s", s.dir, err, out)
	}
	text, err := os.ReadFile(profile.Name())
	if err != nil {
		return nil, err
	}
	return readProfile(text, s)
}

// readProfile reads a profile of the go command: a line for each block of statements,
// "file:from,to statements times".
func readProfile(text []byte, s subject) (map[string]covered, error) {
	files := map[string]covered{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "mode:") {
			continue
		}
		name, rest, ok := strings.Cut(line, ":")
		fields := strings.Fields(rest)
		if !ok || len(fields) != 3 {
			return nil, fmt.Errorf("read a profile: %q is no line of one", line)
		}
		statements, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, fmt.Errorf("read a profile: %w", err)
		}
		if name = path.Base(name); s.counts(name) {
			c := files[name]
			c.all += statements
			if fields[2] != "0" {
				c.run += statements
			}
			files[name] = c
		}
	}
	return files, lines.Err()
}
