package advisory

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Bounds of what is asked of a server.
const (
	requestTime = 20 * time.Second
	phaseTime   = 2 * time.Minute
	listLimit   = 32 << 20 // bytes of an answer to a batch of queries
	hops        = 3        // redirects, all on the same server
)

// Server is a database that speaks the API of osv.dev (https://google.github.io/osv.dev/api/).
type Server struct {
	Name  string   // for people
	Base  *url.URL // such as https://api.osv.dev
	Sleep func(ctx context.Context, d time.Duration) error
}

// refusal is an answer that is none.
type refusal struct {
	status     int
	retryAfter string
	server     string
}

func (e *refusal) Error() string {
	return fmt.Sprintf("%s answered %d %s", e.server, e.status, http.StatusText(e.status))
}

// fetch sends a request until it is answered, as often and as patiently as again says.
func (s Server) fetch(ctx context.Context, method, path string, body []byte, limit int64) ([]byte, error) {
	for attempt := 1; ; attempt++ {
		text, err := s.once(ctx, method, path, body, limit)
		if err == nil || ctx.Err() != nil || errors.Is(err, errUnfit) {
			return text, s.words(err)
		}
		r := reply{attempt: attempt}
		if refused := (*refusal)(nil); errors.As(err, &refused) {
			r.status, r.retryAfter = refused.status, refused.retryAfter
		}
		wait, ok := again(r)
		if !ok {
			return nil, s.words(err)
		}
		if err := s.Sleep(ctx, wait); err != nil {
			return nil, s.words(err)
		}
	}
}

// errUnfit is an answer that would be the same the next time.
var errUnfit = errors.New("the answer is unfit")

func (s Server) once(ctx context.Context, method, path string, body []byte, limit int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, s.Base.JoinPath(path).String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnfit, err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "slipway")
	if len(body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	client := http.Client{CheckRedirect: s.follow}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, &refusal{response.StatusCode, response.Header.Get("Retry-After"), s.Base.Host}
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("the answer of %s broke off: %w", s.Base.Host, err)
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("%w: %s sent more than %d MB", errUnfit, s.Base.Host, limit>>20)
	}
	return text, nil
}

// follow lets a server redirect to itself alone: another one was not asked for.
func (s Server) follow(to *http.Request, via []*http.Request) error {
	if to.URL.Scheme != s.Base.Scheme || to.URL.Host != s.Base.Host {
		return fmt.Errorf("%w: %s redirects to another server", errUnfit, s.Base.Host)
	}
	if len(via) > hops {
		return fmt.Errorf("%w: %s redirects in circles", errUnfit, s.Base.Host)
	}
	return nil
}

// words makes the library's errors readable: without the method and the address in front, which
// differ with every request.
func (s Server) words(err error) error {
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		err = failed.Err
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s did not answer in time", s.Base.Host)
	case errors.Is(err, errUnfit):
		return errors.New(strings.TrimPrefix(err.Error(), errUnfit.Error()+": "))
	case strings.Contains(err.Error(), s.Base.Host):
		return err
	}
	return fmt.Errorf("%s cannot be reached: %w", s.Base.Host, err)
}
