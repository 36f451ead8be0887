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

// hops are the redirects that are followed, all on the same server.
const hops = 3

// client asks one server, as often and as patiently as again says.
type client struct {
	base  *url.URL
	sleep func(ctx context.Context, d time.Duration) error
}

// request is what is asked, and how much of an answer is taken.
type request struct {
	method, path string // the path is escaped, and below the base
	body         []byte
	header       map[string]string
	limit        int64 // bytes of the answer
	time         time.Duration
}

// target takes an answer. It is emptied before each attempt.
type target interface {
	io.Writer
	empty() error
}

// memory is a target that is kept as it comes.
type memory struct{ bytes.Buffer }

func (m *memory) empty() error { m.Reset(); return nil }

// refusal is an answer that is none.
type refusal struct {
	status     int
	retryAfter string
	server     string
}

func (e *refusal) Error() string {
	return fmt.Sprintf("%s answered %d %s", e.server, e.status, http.StatusText(e.status))
}

// refused tells whether an error is an answer with this status.
func refused(err error, status int) bool {
	answer := (*refusal)(nil)
	return errors.As(err, &answer) && answer.status == status
}

// errUnfit is an answer that would be the same the next time.
var errUnfit = errors.New("the answer is unfit")

// fetch sends a request until it is answered.
func (c client) fetch(ctx context.Context, r request, into target) (http.Header, error) {
	for attempt := 1; ; attempt++ {
		header, err := c.once(ctx, r, into)
		if err == nil || ctx.Err() != nil || errors.Is(err, errUnfit) {
			return header, c.words(err)
		}
		one := reply{attempt: attempt}
		if refused := (*refusal)(nil); errors.As(err, &refused) {
			one.status, one.retryAfter = refused.status, refused.retryAfter
		}
		wait, ok := again(one)
		if !ok {
			return nil, c.words(err)
		}
		if err := c.sleep(ctx, wait); err != nil {
			return nil, c.words(err)
		}
	}
}

func (c client) once(ctx context.Context, r request, into target) (http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, r.time)
	defer cancel()
	question, err := http.NewRequestWithContext(ctx, r.method, c.base.JoinPath(r.path).String(), bytes.NewReader(r.body))
	if err == nil {
		err = into.empty()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnfit, err)
	}
	question.Header.Set("User-Agent", "slipway")
	for name, value := range r.header {
		question.Header.Set(name, value)
	}
	asker := http.Client{CheckRedirect: c.follow}
	response, err := asker.Do(question)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, &refusal{response.StatusCode, response.Header.Get("Retry-After"), c.base.Host}
	}
	taken, err := io.Copy(into, io.LimitReader(response.Body, r.limit+1))
	if err != nil {
		return nil, fmt.Errorf("the answer of %s broke off: %w", c.base.Host, err)
	}
	if taken > r.limit {
		return nil, fmt.Errorf("%w: %s sent more than %d MB", errUnfit, c.base.Host, r.limit>>20)
	}
	return response.Header, nil
}

// follow lets a server redirect to itself alone: another one was not asked for.
func (c client) follow(to *http.Request, via []*http.Request) error {
	if to.URL.Scheme != c.base.Scheme || to.URL.Host != c.base.Host {
		return fmt.Errorf("%w: %s redirects to another server", errUnfit, c.base.Host)
	}
	if len(via) > hops {
		return fmt.Errorf("%w: %s redirects in circles", errUnfit, c.base.Host)
	}
	return nil
}

// words makes the library's errors readable: without the method and the address in front, which
// differ with every request.
func (c client) words(err error) error {
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		err = failed.Err
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s did not answer in time", c.base.Host)
	case errors.Is(err, errUnfit):
		return errors.New(strings.TrimPrefix(err.Error(), errUnfit.Error()+": "))
	case strings.Contains(err.Error(), c.base.Host):
		return err
	}
	return fmt.Errorf("%s cannot be reached: %w", c.base.Host, err)
}
