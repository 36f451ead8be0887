package gonogo

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/slipway-actions/slipway/internal/calendar"
	"github.com/slipway-actions/slipway/internal/feed"
	"github.com/slipway-actions/slipway/internal/policy"
)

// calendars reads the calendars that the policy names: of freezes, and of people on call. Each is read
// once, save that trouble on the way may have passed by the next time.
func (c collector) calendars(ctx context.Context, e *evidence) {
	places := calendarsOf(c.in.Gate)
	if len(places) == 0 {
		return
	}
	readers := calendarReaders{path: c.fromPolicy, feed: feed.New().Read, variable: os.LookupEnv}
	for _, place := range places {
		if known, ok := e.Files[governed+place]; !ok || known.Problem.Passing {
			e.Files[governed+place] = readers.read(ctx, place)
		}
	}
}

// calendarsOf are the places of all calendars that a gate names.
func calendarsOf(g policy.Gate) []string {
	var places []string
	for _, rule := range g.Criteria {
		if rule.Coverage != nil {
			places = append(places, rule.Coverage.Calendar)
		}
	}
	if g.Windows != nil {
		for _, f := range g.Windows.Freeze {
			if f.Calendar != "" {
				places = append(places, f.Calendar)
			}
		}
	}
	return places
}

// calendarReaders read a calendar from each kind of place.
type calendarReaders struct {
	path     func(ctx context.Context, path string) file
	feed     func(ctx context.Context, address string, limit int64) ([]byte, error)
	variable func(name string) (value string, ok bool)
}

// read reads a calendar. The address that a variable holds is a secret: it goes no further than here.
func (r calendarReaders) read(ctx context.Context, place string) file {
	name, inVariable := strings.CutPrefix(place, "env:")
	address := place
	switch {
	case inVariable:
		value, ok := r.variable(name)
		if address = strings.TrimSpace(value); !ok || address == "" {
			return file{Problem: problem{
				What: "the variable " + name + " is not set", Next: "Set it on this step, from a secret:\nenv:\n  " + name + ": ${{ secrets." + name + " }}",
			}}
		}
	case !strings.HasPrefix(place, "https://"):
		return r.path(ctx, place)
	}
	text, err := r.feed(ctx, address, calendar.SizeLimit)
	var failed *feed.Error
	switch {
	case errors.As(err, &failed):
		return file{Problem: problem{What: failed.What, Next: "Open the address of the calendar from the network of this runner; run the step again when it answers.", Passing: failed.Passing}}
	case err != nil:
		return file{Problem: problem{What: "it cannot be read", Next: "Run the step again."}}
	}
	return fileOf(text, nil)
}
