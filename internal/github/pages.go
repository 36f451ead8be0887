package github

import (
	"errors"
	"fmt"
	"strings"

	api "github.com/google/go-github/v60/github"
)

const (
	pageSize  = 100 // the most that GitHub gives
	pageLimit = 50
)

// errIncomplete says that a list did not come whole. No part of it is used.
var errIncomplete = errors.New("the list is incomplete")

// errUnlisted says that GitHub lists less than there is, and always will.
var errUnlisted = errors.New("the list cannot be had whole")

// page is one page of a list.
type page[T any] struct {
	items []T // nil where the answer held no list at all
	total int // of all pages; -1 where the API does not say
	resp  *api.Response
}

// all reads a list to its end. Links between pages come from outside: they must lead on, and end.
// A full page without a link is not trusted to be the last, unless the total says so.
func all[T any](id func(T) int64, read func(number int) (page[T], error)) ([]T, error) {
	var list []T
	seen := map[int64]bool{}
	for number, asked := 1, 0; asked < pageLimit; asked++ {
		p, err := read(number)
		if err != nil {
			return nil, err
		}
		if p.items == nil {
			return nil, fmt.Errorf("%w: page %d is no list", errIncomplete, number)
		}
		fresh := 0
		for _, item := range p.items {
			if n := id(item); n == 0 || !seen[n] { // a list that grows meanwhile repeats the end of the page before
				seen[n] = true
				list = append(list, item)
				fresh++
			}
		}
		next := p.resp.NextPage
		switch {
		case len(p.items) > 0 && fresh == 0, next != 0 && next <= number:
			return nil, fmt.Errorf("%w: page %d repeats or leads back", errIncomplete, number)
		case len(p.items) == 0 && next != 0: // what came before or after it may be lost as well
			return nil, fmt.Errorf("%w: page %d is empty, and leads on", errIncomplete, number)
		case next == 0 && strings.Contains(p.resp.Header.Get("Link"), `rel="next"`):
			return nil, fmt.Errorf("%w: the link behind page %d cannot be read", errIncomplete, number)
		case next == 0 && len(p.items) == pageSize && (p.total < 0 || len(list) < p.total):
			next = number + 1
		case next == 0 && len(list) < p.total:
			return nil, fmt.Errorf("%w: %d of %d entries came", errIncomplete, len(list), p.total)
		case next == 0:
			return list, nil
		}
		number = next
	}
	return nil, fmt.Errorf("%w: it has more than %d pages", errIncomplete, pageLimit)
}

func options(number int) api.ListOptions { return api.ListOptions{Page: number, PerPage: pageSize} }
