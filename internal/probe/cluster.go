package probe

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Cluster is the API server of a Kubernetes cluster, and how it is asked.
type Cluster struct {
	Server    *url.URL
	Trust     Trust
	Token     string // "" is none
	TokenFile string // where the token stands that the cluster renews; "" is none
}

// token is the token as it is now, "" where there is none.
func (c Cluster) token() (string, error) {
	if c.TokenFile == "" {
		return c.Token, nil
	}
	text, err := readBounded(c.TokenFile)
	return strings.TrimSpace(string(text)), err
}

// MaxKubeconfig is the most bytes of a kubeconfig, and of each file of an account.
const MaxKubeconfig = 1 << 20

// accountFolder is where a pod finds its own account;
// see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/.
const accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

// ErrNoPod says that this is no pod with an account of its own.
var ErrNoPod = errors.New("this is no pod with an account of its own")

// OwnAccount is the cluster that this runs in, asked with the pod's own account.
func OwnAccount(getenv func(string) string) (*Cluster, error) {
	return ownAccount(getenv, accountFolder)
}

func ownAccount(getenv func(string) string, folder string) (*Cluster, error) {
	host, port := getenv("KUBERNETES_SERVICE_HOST"), getenv("KUBERNETES_SERVICE_PORT")
	if host == "" || port == "" {
		return nil, ErrNoPod
	}
	c := &Cluster{Server: &url.URL{Scheme: "https", Host: net.JoinHostPort(host, port)}, TokenFile: filepath.Join(folder, "token")}
	if _, err := c.token(); err != nil {
		return nil, fmt.Errorf("the pod's token cannot be read: %w", err)
	}
	text, err := readBounded(filepath.Join(folder, "ca.crt"))
	if err != nil {
		return nil, fmt.Errorf("the pod's ca.crt cannot be read: %w", err)
	}
	c.Trust.Roots, err = authorities(text)
	return c, err
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxKubeconfig))
}

func authorities(text []byte) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, errors.New("there is no certificate in what should hold the cluster's authorities")
	}
	return pool, nil
}
