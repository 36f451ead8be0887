package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// score is what the tests of one package are worth.
type score struct {
	subject
	counts     map[fate]int // of the mutants that are not equivalent
	equivalent int
	alive      []*mutant
	mistakes   []string // in the list of equivalents
}

// mutants is how many there are to kill.
func (s score) mutants() int {
	return s.counts[killed] + s.counts[cut] + s.counts[survived] + s.counts[unreached]
}

// percent is the share of the mutants that tests kill. What no test reaches counts as alive.
func (s score) percent() float64 {
	if s.mutants() == 0 {
		return 0
	}
	return 100 * float64(s.counts[killed]+s.counts[cut]) / float64(s.mutants())
}

// tally counts fates, and finds the entries of the list that are wrong.
func tally(s subject, mutants []*mutant, fates []fate, known []*equivalent) score {
	out := score{subject: s, counts: map[fate]int{}}
	for i, m := range mutants {
		e := match(known, m)
		dead := fates[i] == killed || fates[i] == cut
		switch {
		case e == nil:
			out.counts[fates[i]]++
			if !dead {
				out.alive = append(out.alive, m)
			}
		case dead:
			out.mistakes = append(out.mistakes, fmt.Sprintf("equivalents.txt:%d: a test kills this mutant of %s: it is not equivalent", e.line, m.file))
		default:
			out.equivalent++
		}
	}
	for _, e := range stale(known, s) {
		out.mistakes = append(out.mistakes, fmt.Sprintf("equivalents.txt:%d: %s has no such mutant any more: look at it again", e.line, e.file))
	}
	return out
}

// writeAlive shows the mutants that nobody killed, in the form in which equivalents.txt lists them.
func writeAlive(w io.Writer, s score) {
	for _, m := range s.alive {
		fmt.Fprintf(w, "%s %s\n- %s\n+ %s\n  (%s, line %d)\n\n", m.file, m.function, m.before, m.after, m.operator, m.line)
	}
	for _, text := range s.mistakes {
		fmt.Fprintln(w, text)
	}
}

// writeTable shows all scores, and the sum.
func writeTable(out io.Writer, scores []score) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "package\tmutants\tkilled\tin time\talive\tunreached\tequivalent\tscore\t")
	sum := score{subject: subject{dir: "together"}, counts: map[fate]int{}}
	row := func(s score) {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f %%\t\n", s.dir, s.mutants(), s.counts[killed], s.counts[cut],
			s.counts[survived], s.counts[unreached], s.equivalent, s.percent())
	}
	for _, s := range scores {
		row(s)
		for f, n := range s.counts {
			sum.counts[f] += n
		}
		sum.equivalent += s.equivalent
	}
	row(sum)
	w.Flush()
}
