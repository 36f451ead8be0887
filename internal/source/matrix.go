package source

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// series is one of a matrix or a vector.
type series struct {
	labels  map[string]string
	samples []sample // by time
}

type sample struct {
	at    time.Time
	value float64
}

// key tells series apart; the metric's name is left out where functions drop it.
func (s series) key(withoutName bool) string {
	if withoutName {
		return s.keyWithout("__name__")
	}
	return s.keyWithout("")
}

func (s series) keyWithout(left string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(s.labels)) {
		if name != left && name != "__name__" || left == "" {
			fmt.Fprintf(&b, "%s=%q,", name, s.labels[name])
		}
	}
	return "{" + strings.TrimSuffix(b.String(), ",") + "}"
}

// UnmarshalJSON reads [1700000000.123, "12"].
func (s *sample) UnmarshalJSON(text []byte) error {
	inner, ok := bytes.CutPrefix(bytes.TrimSpace(text), []byte("["))
	inner, closed := bytes.CutSuffix(inner, []byte("]"))
	at, value, two := bytes.Cut(inner, []byte(","))
	seconds, err := strconv.ParseFloat(string(bytes.TrimSpace(at)), 64)
	number, quoted := bytes.CutPrefix(bytes.TrimSpace(value), []byte(`"`))
	number, ended := bytes.CutSuffix(number, []byte(`"`))
	v, wrong := strconv.ParseFloat(string(number), 64)
	if !ok || !closed || !two || !quoted || !ended || err != nil || wrong != nil && !errors.Is(wrong, strconv.ErrRange) || !(seconds > -1e11 && seconds < 1e11) {
		return fmt.Errorf("%.40q is no sample", text)
	}
	s.at, s.value = time.UnixMilli(int64(seconds*1000+0.5)).UTC(), v
	return nil
}

// errShape is an answer that is none of the API's.
var errShape = errors.New("it is no answer of the API")

// stopped carries the problem of whoever takes the series.
type stopped struct{ problem *timeseries.Problem }

func (s *stopped) Error() string { return s.problem.Detail }

// query asks and hands each series on as it comes, so that no more than one is held.
func (p *Prometheus) query(ctx context.Context, path string, form url.Values, take func(series) *timeseries.Problem) *timeseries.Problem {
	return p.ask(ctx, path, nil, form, func(status int, body io.Reader) *timeseries.Problem {
		e, err := readEnvelope(json.NewDecoder(body), take)
		var stop *stopped
		switch {
		case errors.As(err, &stop):
			return stop.problem
		case err != nil && status == 503: // what stands before the API says it in its own words
			return problem(timeseries.Limited, fmt.Sprintf("%s answered with status %d", p.host(), status), "Ask again later.")
		case err != nil:
			return problem(timeseries.Broken, fmt.Sprintf("the answer of %s (status %d) is none of Prometheus's API: %s", p.host(), status, p.clean(err.Error())),
				"Give the address of the API, with the path before /api/v1 where there is one; a login page in between wants credentials.")
		case e.status == "error" && status == 503, e.errorType == "unavailable":
			return problem(timeseries.Limited, fmt.Sprintf("%s is not ready: %s", p.host(), p.clean(e.text)), "Ask again later.")
		case e.status == "error" && (e.errorType == "timeout" || e.errorType == "canceled"):
			return problem(timeseries.Unreachable, fmt.Sprintf("%s gave up: %s", p.host(), p.clean(e.text)), "Narrow the query down, or raise the source's own time limit.")
		case e.status == "error" && e.errorType == "execution" && strings.Contains(e.text, "too many samples"):
			return problem(timeseries.TooLarge, fmt.Sprintf("%s gave up: %s", p.host(), p.clean(e.text)), "Narrow the query down, such as to one job and one path.")
		case e.status == "error":
			return problem(timeseries.BadQuery, fmt.Sprintf("%s does not take the query: %s", p.host(), p.clean(e.text)), "Try the query in the source's own console; it is shown below.")
		case e.status != "success" || status != 200 || !e.complete:
			return problem(timeseries.Broken, fmt.Sprintf("the answer of %s (status %d) is none of Prometheus's API", p.host(), status), "Give the address of the API, with the path before /api/v1 where there is one.")
		case len(e.warnings) > 0:
			return problem(timeseries.Partial, fmt.Sprintf("%s says that its answer is not whole: %s", p.host(), p.clean(e.warnings[0])), "See what is wrong with the source's own stores.")
		}
		return nil
	})
}

// envelope is what stands around the series.
type envelope struct {
	status, errorType, text string
	warnings                []string
	complete                bool // there was a list of series
}

// readEnvelope reads an answer token by token.
func readEnvelope(d *json.Decoder, take func(series) *timeseries.Problem) (envelope, error) {
	var e envelope
	err := object(d, func(key string) error {
		switch key {
		case "status":
			return d.Decode(&e.status)
		case "errorType":
			return d.Decode(&e.errorType)
		case "error":
			return d.Decode(&e.text)
		case "warnings":
			return d.Decode(&e.warnings)
		case "data":
			return object(d, func(key string) error {
				if key != "result" {
					return skip(d)
				}
				e.complete = true
				return list(d, func() error { return one(d, take) })
			})
		}
		return skip(d)
	})
	if err == nil {
		if _, end := d.Token(); end != io.EOF {
			return e, errShape
		}
	}
	return e, err
}

func one(d *json.Decoder, take func(series) *timeseries.Problem) error {
	var raw struct {
		Metric    map[string]string `json:"metric"`
		Values    []sample          `json:"values"`
		Value     *sample           `json:"value"`
		Histogram json.RawMessage   `json:"histograms"`
	}
	if err := d.Decode(&raw); err != nil {
		return err
	}
	if raw.Histogram != nil {
		return &stopped{problem(timeseries.NoBuckets, "it is a native histogram, which is not read here", "Have the service show classic buckets as well (name_bucket).")}
	}
	s := series{labels: raw.Metric, samples: raw.Values}
	if raw.Value != nil {
		s.samples = append(s.samples, *raw.Value)
	}
	if raw.Metric == nil || !slices.IsSortedFunc(s.samples, func(a, b sample) int { return a.at.Compare(b.at) }) {
		return errShape
	}
	if trouble := take(s); trouble != nil {
		return &stopped{trouble}
	}
	return nil
}

// object reads an object key by key.
func object(d *json.Decoder, value func(key string) error) error {
	return enclosed(d, '{', func() error {
		key, err := d.Token()
		if err != nil {
			return err
		}
		name, ok := key.(string)
		if !ok {
			return errShape
		}
		return value(name)
	})
}

func list(d *json.Decoder, element func() error) error { return enclosed(d, '[', element) }

func enclosed(d *json.Decoder, open json.Delim, each func() error) error {
	begin, err := d.Token()
	if err != nil {
		return err
	}
	if begin != open {
		return errShape
	}
	for d.More() {
		if err := each(); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

func skip(d *json.Decoder) error {
	var any json.RawMessage
	return d.Decode(&any)
}
