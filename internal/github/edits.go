package github

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Text is an issue's text with the way it came about.
type Text struct {
	Author  string // login; "" where the account is gone
	Created time.Time
	Body    string
	Edits   []Edit // oldest first
	Cut     bool   // there are older edits, which were not listed
}

// Edit is an issue's text after somebody changed it. The first is the issue as it was opened, where
// there are any.
type Edit struct {
	By     string // login; "" where the account is gone
	At     time.Time
	Body   string
	Hidden bool // the text of this edit was deleted, or is not shown
}

const textQuery = `query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { issue(number: $number) {
    number createdAt body author { login }
    userContentEdits(last: 100) { totalCount nodes { editedAt deletedAt diff editor { login } } }
  } } }`

// textAnswer is what GraphQL answers, with status 200 also where it could not.
type textAnswer struct {
	Errors []struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	} `json:"errors"`
	Data struct {
		Repository struct {
			Issue *struct {
				Number    int       `json:"number"`
				CreatedAt time.Time `json:"createdAt"`
				Body      *string   `json:"body"`
				Author    account   `json:"author"`
				Edits     *struct {
					Total *int `json:"totalCount"`
					Nodes []struct {
						At      time.Time  `json:"editedAt"`
						Deleted *time.Time `json:"deletedAt"`
						Diff    *string    `json:"diff"`
						Editor  account    `json:"editor"`
					} `json:"nodes"`
				} `json:"userContentEdits"`
			} `json:"issue"`
		} `json:"repository"`
	} `json:"data"`
}

type account struct {
	Login string `json:"login"`
}

// Text is an issue's text and who changed it. Only GraphQL tells.
func (c *Client) Text(ctx context.Context, repository string, number int) (Text, error) {
	var (
		text    Text
		refused *fault
	)
	q := question{fmt.Sprintf("the edits of #%d of %s", number, repository), "issues: read"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, owner, name string) error {
		at := "graphql"
		if strings.HasSuffix(c.api.BaseURL.Path, "/v3/") { // of an enterprise server
			at = "../graphql"
		}
		request, err := c.api.NewRequest(http.MethodPost, at, map[string]any{
			"query": textQuery, "variables": map[string]any{"owner": owner, "name": name, "number": number},
		})
		if err != nil {
			return err
		}
		var answer textAnswer
		if _, err := c.api.Do(ctx, request, &answer); err != nil {
			return err
		}
		if refused = c.refusalOf(answer); refused != nil {
			return nil
		}
		text, err = textOf(answer, number)
		return err
	})
	if err == nil && refused != nil {
		err = explain(q, *refused)
	}
	if err != nil {
		return Text{}, err
	}
	return text, nil
}

// refusalOf is what an answer says went wrong; nil where it says nothing. What came along with an error
// is not used.
func (c *Client) refusalOf(a textAnswer) *fault {
	if len(a.Errors) == 0 {
		return nil
	}
	f := fault{host: c.host, status: http.StatusOK, said: a.Errors[0].Message}
	switch a.Errors[0].Type {
	case "RATE_LIMITED":
		f.limited = true
	case "NOT_FOUND":
		f.status = http.StatusNotFound
	case "FORBIDDEN", "INSUFFICIENT_SCOPES":
		f.status = http.StatusForbidden
	}
	if strings.Contains(f.said, c.token) {
		f.said = ""
	}
	return &f
}

func textOf(a textAnswer, number int) (Text, error) {
	issue := a.Data.Repository.Issue
	switch {
	case issue == nil || issue.Body == nil || issue.Edits == nil || issue.Edits.Total == nil || issue.CreatedAt.IsZero():
		return Text{}, fmt.Errorf("%w: the issue came without its text, time or edits", errIncomplete)
	case issue.Number != number:
		return Text{}, fmt.Errorf("%w: the issue #%d came", errIncomplete, issue.Number)
	case len(issue.Edits.Nodes) == 0 && *issue.Edits.Total > 0:
		return Text{}, fmt.Errorf("%w: 0 of %d edits came", errIncomplete, *issue.Edits.Total)
	}
	text := Text{Author: issue.Author.Login, Created: issue.CreatedAt, Body: *issue.Body, Cut: len(issue.Edits.Nodes) < *issue.Edits.Total}
	for _, node := range issue.Edits.Nodes {
		if node.At.IsZero() {
			return Text{}, fmt.Errorf("%w: an edit came without its time", errIncomplete)
		}
		edit := Edit{By: node.Editor.Login, At: node.At, Hidden: node.Deleted != nil || node.Diff == nil}
		if !edit.Hidden {
			edit.Body = *node.Diff
		}
		text.Edits = append(text.Edits, edit)
	}
	text.order()
	return text, nil
}

// order puts the oldest edit first. GitHub gives the newest first; where two have one time, the later
// in its list is the older.
func (t *Text) order() {
	slices.Reverse(t.Edits)
	slices.SortStableFunc(t.Edits, func(a, b Edit) int { return a.At.Compare(b.At) })
}
