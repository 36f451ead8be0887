package policy

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
)

// Count is a bound of a number, such as ">=2".
type Count struct {
	Operator string // =, >, >=, < or <=
	N        int
}

// Holds tells whether a number is as wanted.
func (c Count) Holds(n int) bool {
	switch c.Operator {
	case ">":
		return n > c.N
	case ">=":
		return n >= c.N
	case "<":
		return n < c.N
	case "<=":
		return n <= c.N
	}
	return n == c.N
}

// AtLeast tells whether more of them can only help.
func (c Count) AtLeast() bool { return strings.HasPrefix(c.Operator, ">") }

func (c Count) String() string { return c.Operator + strconv.Itoa(c.N) }

const maxCount = 1000

// ParseCount reads a bound such as ">=2"; "" is at least one. One that only zero meets is refused.
func ParseCount(s string) (Count, error) {
	if s == "" {
		return Count{">=", 1}, nil
	}
	digits := strings.TrimLeft(s, "<>=")
	c := Count{Operator: s[:len(s)-len(digits)]}
	n, err := strconv.Atoi(strings.TrimSpace(digits))
	switch c.Operator {
	case "", "=", "==":
		c.Operator = "="
	case ">", ">=", "<", "<=":
	default:
		err = strconv.ErrSyntax
	}
	if c.N = n; err != nil || n < 0 || n > maxCount {
		return Count{}, fmt.Errorf("%q is no number of answers; allowed: up to %d, such as 2, \">=2\" or \"<5\"", s, maxCount)
	}
	if (c.Operator == "=" || c.Operator == "<=") && n == 0 || c.Operator == "<" && n <= 1 {
		return Count{}, fmt.Errorf("%q can only be met without any answer, which never passes; ask for one at least, such as \">=1\"", s)
	}
	return c, nil
}

// hostname is a name of the DNS, absolute or not; an underscore is common in names of services.
var hostname = regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?$`)

func isHostname(s string) bool { return len(s) <= 253 && hostname.MatchString(s) }

// ParseEndpoint reads host:port, where an IPv6 address stands in brackets.
func ParseEndpoint(s string) (host string, err error) {
	at := strings.LastIndex(s, ":")
	host, port := s[:max(at, 0)], s[at+1:]
	n, err := strconv.ParseUint(port, 10, 16)
	inside, bracketed := strings.CutPrefix(strings.TrimSuffix(host, "]"), "[")
	address, notAddress := netip.ParseAddr(inside)
	if bracketed {
		host = inside
	}
	is := isHostname(host)
	if bracketed || notAddress == nil {
		is = notAddress == nil && bracketed == address.Is6() && address.Zone() == ""
	}
	if at < 0 || err != nil || n == 0 || !is {
		return "", fmt.Errorf("%q is no host and port; use one such as shop.example:443 or [2001:db8::1]:443", s)
	}
	return host, nil
}

// ParseGRPC reads host:port, with grpcs:// before it where it is spoken over TLS.
func ParseGRPC(s string) (endpoint string, encrypted bool, err error) {
	endpoint, encrypted = strings.CutPrefix(s, "grpcs://")
	if !encrypted {
		endpoint = strings.TrimPrefix(s, "grpc://")
	}
	_, err = ParseEndpoint(endpoint)
	return endpoint, encrypted, err
}

// ParseAddress reads an http or https address. Its errors do not repeat the address, which may
// hold a secret.
func ParseAddress(s string) (*url.URL, error) {
	const such = "use one such as https://shop.example/version"
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, errors.New("the address cannot be read; " + such)
	case u.User != nil:
		return nil, errors.New("the address holds a user or a password, which logs and other servers would see; leave them out")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the address begins with neither http:// nor https://; " + such)
	case u.Hostname() == "":
		return nil, errors.New("the address names no host; " + such)
	}
	return u, nil
}

// ParseStatus reads one status (200) or a class of them (2xx, the default) as its bounds.
func ParseStatus(s string) (low, high int, err error) {
	if s == "" {
		s = "2xx"
	}
	if class, ok := strings.CutSuffix(s, "xx"); ok && len(class) == 1 && class >= "1" && class <= "5" {
		low = int(class[0]-'0') * 100
		return low, low + 99, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 100 || n > 599 {
		return 0, 0, fmt.Errorf("%q is no status; allowed: a number such as 200, or a class such as 2xx", s)
	}
	return n, n, nil
}

// ParseLatency reads a bound such as "<800ms", 0 where there is none.
func ParseLatency(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	below, ok := strings.CutPrefix(s, "<")
	bound, err := duration.Parse(strings.TrimSpace(below))
	if !ok || err != nil || bound == 0 {
		return 0, fmt.Errorf("%q is no bound such as \"<800ms\"", s)
	}
	return bound, nil
}
