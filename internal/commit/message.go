package commit

import "strings"

// Change is what a message says in the terms of the specification.
type Change struct {
	Type        string // lower case
	Scope       string // as written, "" for none
	Description string // without numbers behind it and marks for the CI
	Breaking    bool
	Migration   string   // text of the BREAKING CHANGE footers, "" for none
	Footers     []Footer // in order
	Pull        string   // number of the pull request, from a trailing (#12) or a forge's own words, "" for none
	Mentions    []string // numbers written like Pull in front of it: issues, or pull requests that it ports or reverts
	Body        string   // what stands below the header, footers and all
}

// Footer is one trailer; Token is as written.
type Footer struct{ Token, Value string }

// Values are the values of a footer, whose token may be written in any case.
func (c Change) Values(token string) []string {
	var values []string
	for _, f := range c.Footers {
		if strings.EqualFold(f.Token, token) {
			values = append(values, f.Value)
		}
	}
	return values
}

// Parse reads a message. ok is false where its header is no conventional one; Change then holds
// the subject as Description and a breaking footer still counts. A forge's message of a merge is
// read by the title of the pull request that it quotes.
func Parse(message string) (c Change, ok bool) {
	message = plain(message)
	subject, body, _ := strings.Cut(message, "\n")
	subject = strings.TrimSpace(subject)
	if m, merges := ReadMerge(message); merges {
		c.Pull = m.Pull
		if _, titled := readHeader(m.Title); titled {
			subject, body = m.Title, m.Body
		}
	}
	c.Description = subject
	if token, _ := breakingFooter(subject); token != "" { // all there is is a footer
		body = message
	} else if h, found := readHeader(subject); found {
		ok = true
		c.Type, c.Scope, c.Breaking, c.Description = strings.ToLower(h.kind), h.scope, h.breaking, h.description
	}
	description, numbers := cutNumbers(c.Description)
	c.Description = description
	if last := len(numbers) - 1; last >= 0 && c.Pull == "" {
		c.Pull, numbers = numbers[last], numbers[:last]
	}
	if len(numbers) > 0 {
		c.Mentions = numbers
	}
	c.Body = strings.Trim(body, "\n")
	c.Footers = footers(c.Body)
	var migration []string
	for _, f := range c.Footers {
		if breaking(f.Token) {
			c.Breaking = true
			migration = append(migration, f.Value)
		}
	}
	c.Migration = strings.TrimSpace(strings.Join(migration, "\n\n"))
	return c, ok
}

// plain is a message with line ends of one kind and nothing in front of its first word.
func plain(message string) string {
	if strings.Contains(message, "\r") {
		message = strings.ReplaceAll(message, "\r\n", "\n")
	}
	return strings.TrimLeft(message, "\ufeff\n \t")
}
