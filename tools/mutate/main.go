// Command mutate tells what the tests of the packages that decide are worth. `mutate cover` measures how
// many of their statements are run; `mutate kill` changes the code, one small change at a time, and counts
// the changes that some test notices.
//
// A package is compiled once, with all of its mutants in it; a variable of the environment turns one of them
// on. So a mutant costs the tests that reach it and no compiler. Nothing is drawn by lot: the same code and
// tests give the same score.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// options are what both commands are told.
type options struct {
	root    string
	list    string
	least   float64
	workers int
	cpu     time.Duration
	dearest time.Duration
	names   []string
}

func run(args []string, stdout, stderr io.Writer) int {
	commands := map[string]func(options, io.Writer) (bool, error){"cover": cover, "kill": kill}
	if len(args) == 0 || commands[args[0]] == nil {
		fmt.Fprintln(stderr, "usage: mutate cover|kill [flags] [package …]")
		return 2
	}
	var o options
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.root, "root", ".", "the repository's top")
	flags.StringVar(&o.list, "list", "tools/mutate", "the folder of packages.txt and equivalents.txt, from the top")
	flags.Float64Var(&o.least, "least", 0, "percent that each package has to reach")
	flags.IntVar(&o.workers, "workers", runtime.NumCPU(), "mutants that are tried at a time")
	flags.DurationVar(&o.cpu, "cpu", 5*time.Second, "processor time that a mutant gets at least, beside ten times what its tests need")
	flags.DurationVar(&o.dearest, "dearest", 0, "leave out tests that need more processor time than this: quicker, and a score that is at most too low; 0 leaves out none")
	if err := flags.Parse(args[1:]); err != nil {
		return 2
	}
	o.names = flags.Args()
	root, err := filepath.Abs(o.root)
	if err == nil {
		o.root = root
		var good bool
		if good, err = commands[args[0]](o, stdout); err == nil && good {
			return 0
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, "mutate:", err)
		return 2
	}
	return 1
}

func (o options) file(name string) string {
	return filepath.Join(o.root, filepath.FromSlash(o.list), name)
}

// kill tries all mutants of the packages. It is good when each package has its score and the list of
// equivalents is right.
func kill(o options, w io.Writer) (bool, error) {
	subjects, err := readSubjects(o.file("packages.txt"), o.names)
	if err != nil {
		return false, err
	}
	known, err := readEquivalents(o.file("equivalents.txt"))
	if err != nil {
		return false, err
	}
	var scores []score
	good := true
	for _, s := range subjects {
		began := time.Now()
		sc, err := try(o, s, known)
		if err != nil {
			return false, err
		}
		fmt.Fprintf(w, "# %s: %.1f %% of %d, %s\n\n", s.dir, sc.percent(), sc.mutants(), time.Since(began).Round(time.Second))
		writeAlive(w, sc)
		scores = append(scores, sc)
		if sc.percent() < o.least || len(sc.mistakes) > 0 {
			good = false
			fmt.Fprintf(w, "%s does not pass: %.1f %% of its mutants are killed, %.0f %% are wanted, and %d entries of equivalents.txt are wrong.\n\n",
				s.dir, sc.percent(), o.least, len(sc.mistakes))
		}
	}
	writeTable(w, scores)
	return good, nil
}

// try compiles one package with its mutants and tries them.
func try(o options, s subject, known []*equivalent) (score, error) {
	p, err := load(o.root, s)
	if err != nil {
		return score{}, err
	}
	scratch, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return score{}, err
	}
	defer removeAll(scratch)
	files, mutants := find(p)
	binary, err := compile(p, files, scratch)
	if err != nil {
		return score{}, err
	}
	b := bench{binary: binary, dir: filepath.Join(o.root, filepath.FromSlash(s.dir)), scratch: scratch, progress: os.Stderr, least: o.cpu}
	tests, err := b.measure()
	if err != nil {
		return score{}, err
	}
	if o.dearest > 0 {
		tests = slices.DeleteFunc(tests, func(t measured) bool { return t.cost > o.dearest })
	}
	fates, err := b.judgeAll(tests, mutants, o.workers)
	if err != nil {
		return score{}, err
	}
	return tally(s, mutants, fates, known), nil
}
