package commit

import "strings"

// Merge is what a forge writes when it merges a pull request.
type Merge struct {
	Pull  string // its number
	Title string // of the pull request, "" where the message does not quote it
	Body  string // what follows the title
}

// ReadMerge reads the messages that GitHub, GitLab, Bitbucket and Azure write of their own. ok is
// false for all others, also for what git writes.
func ReadMerge(message string) (m Merge, ok bool) {
	message = plain(message)
	subject, body, _ := strings.Cut(message, "\n")
	subject = strings.TrimSpace(subject)
	const gitlab = "See merge request "
	switch {
	case !strings.HasPrefix(subject, "Merge"):
		if !strings.Contains(body, gitlab) { // nearly all, and looking for the last one takes its time
			return Merge{}, false
		}
		if i := strings.LastIndex(body, gitlab); strings.HasSuffix(strings.TrimRight(body[:i], " \t"), "\n") {
			return Merge{Pull: requestNumber(body[i:])}, requestNumber(body[i:]) != ""
		}
		return Merge{}, false
	case strings.HasPrefix(subject, "Merge pull request #"): // GitHub
		m.Pull, _, _ = strings.Cut(subject[len("Merge pull request #"):], " ")
	case strings.HasPrefix(subject, "Merged PR "): // Azure
		number, title, _ := strings.Cut(subject[len("Merged PR "):], ": ")
		m = Merge{Pull: number, Title: strings.TrimSpace(title), Body: body}
		return m, digits(number)
	case strings.HasPrefix(subject, "Merged in "): // Bitbucket
		m.Pull, _ = cutNumber(subject)
	case strings.HasPrefix(subject, "Merge branch '"):
		if i := strings.LastIndex(body, gitlab); i >= 0 {
			m.Pull = requestNumber(body[i:])
		}
	}
	if !digits(m.Pull) {
		return Merge{}, false
	}
	m.Title, m.Body, _ = strings.Cut(strings.TrimLeft(body, "\n \t"), "\n")
	m.Title = strings.TrimSpace(m.Title)
	if strings.HasPrefix(m.Title, gitlab) {
		m.Title, m.Body = "", body
	}
	return m, true
}

// requestNumber is the number in "See merge request group/project!12", "" for none.
func requestNumber(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	number := line[strings.LastIndexByte(line, '!')+1:]
	if number = strings.TrimSpace(number); !digits(number) {
		return ""
	}
	return number
}
