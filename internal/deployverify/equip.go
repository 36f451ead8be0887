package deployverify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/probe"
)

// equip gives the checks of the policy's probes what asking them takes: headers, certificates and accounts,
// from the step's environment and from files that govern.
func equip(ctx context.Context, w *action.World, v policy.Verify, checks []check) error {
	for n, p := range v.Probes {
		i := slices.IndexFunc(checks, func(c check) bool { return c.name == p.Name })
		if i < 0 {
			return fmt.Errorf("the probe %s is no check", p.Name)
		}
		e := equipment{ctx, w, fmt.Sprintf("verify.probes[%d] (%s)", n, p.Name), &checks[i].asking}
		if err := e.take(p); err != nil {
			return err
		}
	}
	return nil
}

// equipment is what one probe is equipped with.
type equipment struct {
	ctx    context.Context
	w      *action.World
	place  string // of the probe in the policy
	asking *asking
}

func (e equipment) take(p policy.Probe) error {
	for _, name := range slices.Sorted(maps.Keys(p.Headers)) {
		value, err := e.variable("headers."+name, p.Headers[name], false)
		if err != nil {
			return err
		}
		if e.asking.header == nil {
			e.asking.header = http.Header{}
		}
		e.asking.header.Set(name, value)
	}
	if p.CAFile != "" {
		roots, err := e.roots(p.CAFile)
		if err != nil {
			return err
		}
		e.asking.trust.Roots = roots
	}
	if p.ClientCert != "" {
		own, err := e.certificate(p)
		if err != nil {
			return err
		}
		e.asking.trust.Certificate = own
	}
	if p.Kubernetes != "" {
		cluster, err := e.cluster(p)
		if err != nil {
			return err
		}
		e.asking.cluster = cluster
	}
	return nil
}

// variable is a value that the policy takes from the step's environment; any other is its own. What is taken
// is a secret, and kept in mind as one.
func (e equipment) variable(key, value string, lines bool) (string, error) {
	name, ok := policy.Variable(value)
	if !ok {
		return value, nil
	}
	found := strings.TrimSpace(e.w.Getenv(name))
	place := fmt.Sprintf("%s of the policy takes %s from the environment variable %s", e.place, key, name)
	switch {
	case found == "":
		return "", action.Wrong("%s, which is not set. Add it to the step:\n  env:\n    %s: ${{ secrets.%s }}", place, name, name)
	case !lines && strings.ContainsFunc(found, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		return "", action.Wrong("%s, which holds more than one line, or what no header can hold. Correct the secret", place)
	}
	if !lines { // a key is not sent, so it cannot come back
		e.remember(found)
	}
	return found, nil
}

// shortestSecret is the length from which a value is hidden where it comes back. A shorter one is no secret,
// and would be found by chance.
const shortestSecret = 6

func (e equipment) remember(secret string) {
	for _, s := range append(strings.Fields(secret), secret) { // "Bearer abc" may come back as abc
		if len(s) >= shortestSecret && !strings.EqualFold(s, "bearer") && !slices.Contains(e.asking.secrets, s) {
			e.asking.secrets = append(e.asking.secrets, s)
		}
	}
	slices.SortFunc(e.asking.secrets, func(a, b string) int { return len(b) - len(a) }) // the whole before its parts
}

// roots are the authorities in a file of the repository. Whoever can add one decides whom a probe believes,
// so it is read where the policy is.
func (e equipment) roots(path string) (*x509.CertPool, error) {
	text, from, err := e.w.Governed(e.ctx, path)
	var wrong *action.CallerError
	switch {
	case errors.As(err, &wrong):
		return nil, action.Wrong("%s of the policy, ca-file: %w", e.place, err)
	case errors.Is(err, fs.ErrNotExist):
		return nil, action.Wrong("%s of the policy names the ca-file %q; there is no such file %s. Name one by its path from the top of the repository", e.place, path, from)
	case err != nil:
		return nil, action.Undecided("Make sure that the repository can be read, and run the step again.", "the ca-file %s cannot be read: %w", path, err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, action.Wrong("%s of the policy names the ca-file %q, in which there is no certificate; it holds text such as -----BEGIN CERTIFICATE-----", e.place, path)
	}
	return pool, nil
}

func (e equipment) certificate(p policy.Probe) (*tls.Certificate, error) {
	cert, err := e.variable("client-cert", p.ClientCert, true)
	if err != nil {
		return nil, err
	}
	key, err := e.variable("client-key", p.ClientKey, true)
	if err != nil {
		return nil, err
	}
	own, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil { // the error may quote what it read
		return nil, action.Wrong("%s of the policy: client-cert and client-key are no certificate and its key in PEM; allowed: text such as -----BEGIN CERTIFICATE-----, and the private key that goes with it", e.place)
	}
	return &own, nil
}

// cluster is asked with a kubeconfig, or else with the account of the pod that this runs in.
func (e equipment) cluster(p policy.Probe) (*probe.Cluster, error) {
	if p.Kubeconfig == "" {
		own, err := probe.OwnAccount(e.w.Getenv)
		if err != nil {
			return nil, action.Wrong("%s of the policy has no kubeconfig, so the pod's own account is used, but %w. Run the step in a pod of the cluster, or give kubeconfig: env:KUBECONFIG_TEXT", e.place, err)
		}
		return own, nil
	}
	text, err := e.variable("kubeconfig", p.Kubeconfig, true)
	if err != nil {
		return nil, err
	}
	cluster, err := probe.ParseKubeconfig([]byte(text))
	if err != nil {
		return nil, action.Wrong("%s of the policy, kubeconfig: %w", e.place, err)
	}
	if cluster.Token != "" {
		e.remember(cluster.Token)
	}
	return cluster, nil
}
