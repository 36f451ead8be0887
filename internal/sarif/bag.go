package sarif

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// bag is what is read of a property bag, which holds whatever a tool likes (specification, 3.8).
type bag struct {
	Severity json.RawMessage `json:"security-severity"`
	Tags     json.RawMessage `json:"tags"`
}

func bagOf(raw json.RawMessage) bag {
	var b bag
	if json.Unmarshal(raw, &b) != nil { // absent, or an empty list as PHP writes an empty object
		return bag{}
	}
	return b
}

// score is the security-severity; false where there is none. One that is no number from 0 to 10 is
// an error, not none: going by the level instead might lower it.
func (b bag) score() (float64, bool, error) {
	var text string
	switch {
	case !given(b.Severity):
		return 0, false, nil
	case json.Unmarshal(b.Severity, &text) != nil:
		text = string(b.Severity)
	}
	if text = strings.TrimSpace(text); text == "" {
		return 0, false, nil
	}
	score, err := strconv.ParseFloat(text, 64)
	if err != nil || !(score >= 0 && score <= 10) {
		return 0, false, fmt.Errorf("security-severity is %s, want a number from 0 to 10", quote(text))
	}
	return score, true, nil
}

// tagsRead is how many tags of a bag are read.
const tagsRead = 100

// tags are the first tags.
func (b bag) tags() []string {
	var all []string
	if json.Unmarshal(b.Tags, &all) != nil {
		return nil
	}
	var tags []string
	for _, tag := range all[:min(len(all), tagsRead)] {
		if tag = line(tag, 200); tag != "" {
			tags = append(tags, tag)
		}
	}
	return tags
}
