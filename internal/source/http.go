package source

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// client makes requests to one server.
type client struct {
	base    *url.URL
	http    *http.Client
	header  http.Header
	user    *url.Userinfo
	timeout time.Duration
	now     func() time.Time
	sleep   func(ctx context.Context, d time.Duration) error
	secrets []string
	limit   int64 // bytes of one answer
}

func newClient(o Options) (*client, error) {
	base, err := url.Parse(o.URL)
	switch {
	case err != nil:
		return nil, errors.New("the address cannot be read")
	case base.User != nil:
		return nil, errors.New("the address holds a user or a password; use basic: {user: …, password: \"env:…\"}")
	case base.Scheme != "http" && base.Scheme != "https" || base.Hostname() == "":
		return nil, errors.New("the address is no http or https address of a host")
	case base.RawQuery != "" || base.Fragment != "":
		return nil, errors.New("the address has a query; give it up to the path, such as https://prom.example/tenant")
	}
	security := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.CA != nil {
		security.RootCAs = x509.NewCertPool()
		if !security.RootCAs.AppendCertsFromPEM(o.CA) {
			return nil, errors.New("ca-file holds no certificate in PEM")
		}
	}
	if o.ClientCert != nil || o.ClientKey != nil {
		pair, err := tls.X509KeyPair(o.ClientCert, o.ClientKey)
		if err != nil { // the error tells of the text, but not the text
			return nil, errors.New("client-cert and client-key are no pair in PEM")
		}
		security.Certificates = []tls.Certificate{pair}
	}
	c := &client{
		base: base, header: http.Header{}, timeout: cmp.Or(o.Timeout, usualTimeout), now: o.Now, sleep: pause, limit: bodyLimit,
		http: &http.Client{CheckRedirect: sameHost, Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, TLSClientConfig: security, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: 1 << 20, MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute,
		}},
	}
	if c.now == nil {
		c.now = time.Now
	}
	for name, value := range o.Headers {
		c.header.Set(name, value)
		c.secrets = append(c.secrets, value)
		if _, alone, ok := strings.Cut(value, " "); ok { // what follows the scheme is the secret by itself
			c.secrets = append(c.secrets, strings.TrimSpace(alone))
		}
	}
	if o.Bearer != "" {
		c.header.Set("Authorization", "Bearer "+o.Bearer)
	}
	if o.User != "" || o.Password != "" {
		c.user = url.UserPassword(o.User, o.Password)
		c.secrets = append(c.secrets, base64.StdEncoding.EncodeToString([]byte(o.User+":"+o.Password)))
	}
	c.secrets = append(c.secrets, o.Bearer, o.Password)
	c.header.Set("User-Agent", cmp.Or(o.Agent, "slipway-deploy-verify"))
	c.header.Set("Accept", "application/json")
	return c, nil
}

// errElsewhere is a redirect that would take questions, and what they are authorised by, to somebody else.
var errElsewhere = errors.New("it leads to another host")

func sameHost(next *http.Request, before []*http.Request) error {
	from := before[0].URL
	if next.URL.Host != from.Host || next.URL.Scheme != from.Scheme {
		return errElsewhere
	}
	if len(before) > 3 {
		return errors.New("it leads in circles")
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Retries of a question whose server is busy or was out of reach for a moment.
const (
	tries      = 3
	firstPause = 500 * time.Millisecond
)

// ask posts a question, or gets it where form is nil, and has its answer read. What read returns is that the
// answer is not what was asked for.
func (c *client) ask(ctx context.Context, path string, query, form url.Values, read func(status int, body io.Reader) *timeseries.Problem) *timeseries.Problem {
	timed, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var trouble *timeseries.Problem
	for try := range tries {
		again := false
		if trouble, again = c.once(timed, path, query, form, read); trouble == nil || !again {
			return trouble
		}
		if try == tries-1 || c.sleep(timed, firstPause<<try) != nil {
			break
		}
	}
	return trouble
}

func (c *client) once(ctx context.Context, path string, query, form url.Values, read func(int, io.Reader) *timeseries.Problem) (trouble *timeseries.Problem, again bool) {
	to := c.base.JoinPath(path)
	to.RawQuery = query.Encode()
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(ctx, method, to.String(), body)
	if err != nil {
		return problem(timeseries.BadQuery, "the question cannot be put into a request", ""), false
	}
	request.Header = c.header.Clone()
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if c.user != nil {
		password, _ := c.user.Password()
		request.SetBasicAuth(c.user.Username(), password)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return c.unreachable(ctx, err), ctx.Err() == nil && !errors.Is(err, errElsewhere)
	}
	defer response.Body.Close()
	limited := &limitedReader{r: response.Body, left: c.limit}
	switch status := response.StatusCode; {
	case status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusProxyAuthRequired:
		return problem(timeseries.Denied, fmt.Sprintf("%s answered with status %d", c.host(), status), "Give the source credentials that may read: bearer, basic or headers, with the variable in the step's env."), false
	case status == http.StatusTooManyRequests:
		return problem(timeseries.Limited, fmt.Sprintf("%s answered with status %d", c.host(), status), "Ask less often (every), or have the limit raised."), true
	case status >= 300 && status < 400:
		return problem(timeseries.Broken, fmt.Sprintf("%s answered with a redirect (status %d)", c.host(), status), "Give the address of the API itself."), false
	case status >= 500 && status != http.StatusServiceUnavailable && status != http.StatusUnprocessableEntity:
		return problem(timeseries.Broken, fmt.Sprintf("%s answered with status %d", c.host(), status), "See what is wrong with the source."), true
	}
	if skewed := c.skewed(response.Header.Get("Date")); skewed != nil {
		return skewed, false
	}
	trouble = read(response.StatusCode, limited)
	switch {
	case limited.over:
		return problem(timeseries.TooLarge, fmt.Sprintf("its answer is larger than %d MB", c.limit>>20), "Narrow the query down: fewer series, such as of one job and one path."), false
	case limited.err != nil && trouble != nil:
		if ctx.Err() != nil {
			return problem(timeseries.Unreachable, fmt.Sprintf("the answer of %s had not ended after %s", c.host(), c.timeout), "See whether the source is overloaded, or raise its timeout."), false
		}
		return problem(timeseries.Broken, fmt.Sprintf("the answer of %s broke off", c.host()), "See whether something between here and the source cuts answers off."), true
	}
	return trouble, trouble != nil && response.StatusCode == http.StatusServiceUnavailable
}

// limitedReader reads so much and notes why it ended.
type limitedReader struct {
	r    io.Reader
	left int64
	over bool
	err  error // other than the end
}

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		l.over = true
		return 0, io.ErrUnexpectedEOF
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	if err != nil && err != io.EOF {
		l.err = err
	}
	return n, err
}

// unreachable says why there is no answer, without the address, which may hold a secret.
func (c *client) unreachable(ctx context.Context, err error) *timeseries.Problem {
	const next = "See whether this machine can reach the source: its address, the network between, and a proxy."
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var certificate *tls.CertificateVerificationError
	var dns *net.DNSError
	switch {
	case errors.Is(err, errElsewhere):
		return problem(timeseries.Broken, fmt.Sprintf("%s redirects to another host, which is not followed", c.host()), "Give the address of the API itself; a redirect to a login page wants credentials.")
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return problem(timeseries.Unreachable, fmt.Sprintf("%s did not answer within %s", c.host(), c.timeout), next)
	case ctx.Err() != nil:
		return problem(timeseries.Unreachable, "the run was cancelled", "Run it again.")
	case errors.As(err, &certificate):
		return problem(timeseries.Unreachable, fmt.Sprintf("the certificate of %s does not hold: %s", c.host(), c.clean(certificate.Err.Error())), "Name the authority with ca-file, or mend the certificate.")
	case errors.As(err, &dns):
		return problem(timeseries.Unreachable, fmt.Sprintf("%s has no address: %s", c.host(), dns.Err), next)
	}
	return problem(timeseries.Unreachable, fmt.Sprintf("%s: %s", c.host(), c.clean(err.Error())), next)
}

// skewed tells that the source's clock and this machine's differ by more than a question bears.
func (c *client) skewed(date string) *timeseries.Problem {
	at, err := http.ParseTime(date)
	if err != nil {
		return nil
	}
	if ahead := at.Sub(c.now()); ahead.Abs() > skewLimit {
		return problem(timeseries.Skewed, fmt.Sprintf("the clock of %s and this machine's differ by %s", c.host(), ahead.Abs().Round(time.Second)), "Set the clocks right: numbers would be looked for in the wrong minutes.")
	}
	return nil
}

func (c *client) host() string { return c.base.Host }

// clean makes a foreign text one short line that holds none of the secrets.
func (c *client) clean(text string) string {
	for _, secret := range c.secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	text = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)), " ")
	if runes := []rune(text); len(runes) > 300 {
		text = string(runes[:300]) + "…"
	}
	return text
}
