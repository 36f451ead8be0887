// Simulate lets releases happen by the thousand and shows which tests call them harmful: `make sim`. It is no
// part of what is shipped.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"

	"github.com/slipway-actions/slipway/internal/simulation"
)

func main() {
	runs := flag.Int("runs", 1500, "runs of each case")
	seed := flag.Uint64("seed", 1, "where chance begins")
	document := flag.String("write", "", "the document that the table is written into, between its markers")
	check := flag.Bool("check", false, "fail where a figure misses what it is held to")
	flag.Parse()
	if err := run(*runs, *seed, *document, *check); err != nil {
		fmt.Fprintln(os.Stderr, "simulate:", err)
		os.Exit(1)
	}
}

func run(runs int, seed uint64, document string, check bool) error {
	if runs < 1 {
		return fmt.Errorf("%d runs are none; allowed: from 1", runs)
	}
	rows, missed := simulation.All(runs, seed, func(done string) { fmt.Fprintln(os.Stderr, done) })
	table := simulation.Table(rows)
	if document == "" {
		fmt.Print(table)
	} else if err := write(document, table); err != nil {
		return err
	}
	if check {
		return missed
	}
	return nil
}

const begin, end = "<!-- begin of what `make sim` writes -->\n", "<!-- end of what `make sim` writes -->\n"

// write renews what stands between the markers of a document.
func write(path, table string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, ok := bytes.Cut(text, []byte(begin))
	_, after, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed {
		return fmt.Errorf("%s lacks the markers %q and %q", path, begin, end)
	}
	return os.WriteFile(path, fmt.Appendf(nil, "%s%s\n%s%s%s", before, begin, table, end, after), 0o644)
}
