package sarif

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
)

// matchOf is what a tool itself tells its results apart by, else the message.
func matchOf(s resultShape, text string) string {
	if found := joined(s.Prints); found != "" {
		return found
	}
	// Of CodeQL's two the second moves with the column; GitHub goes by the first alone.
	if line := s.Partial["primaryLocationLineHash"]; line != "" {
		return line
	}
	if found := joined(s.Partial); found != "" {
		return found
	}
	return text
}

func joined(prints map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(prints)) {
		// Semgrep without an account has these words for every result.
		if value := prints[name]; value != "" && value != "requires login" {
			parts = append(parts, name, value)
		}
	}
	return strings.Join(parts, "\x00")
}

// fingerprint gives every result of a run its name, from what matched and the file, not the line:
// code above may grow. Results that are alike in all of that are counted, in the order they stand
// in the file, so that accepting one accepts no other.
func fingerprint(tool string, results []Result, matches []string) {
	order := make([]int, len(results))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(results[a].Line, results[b].Line), cmp.Compare(results[a].Column, results[b].Column))
	})
	seen := map[string]int{}
	for _, i := range order {
		r := &results[i]
		parts := strings.Join([]string{tool, r.Rule, r.File, matches[i]}, "\x00")
		sum := sha256.Sum256([]byte(strconv.Itoa(seen[parts]) + "\x00" + parts)) // the match, which may hold anything, comes last
		seen[parts]++
		r.Fingerprint = "sarif:" + word(strings.ToLower(tool)) + ":" + word(r.Rule) + ":" + hex.EncodeToString(sum[:6])
	}
}

// word is text that can be copied into a policy without quotes.
func word(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._/@+-", r) {
			return r
		}
		return '-'
	}, report.Clip(s, 120))
	if s == "" {
		return "-"
	}
	return s
}
