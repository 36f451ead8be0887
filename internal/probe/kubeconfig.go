package probe

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"go.yaml.in/yaml/v4"
)

// kubeconfig is as much of one as matters here. What would change whom we trust or who we are is read, to be
// refused; see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/.
type kubeconfig struct {
	Current  string `yaml:"current-context"`
	Contexts []struct {
		Name    string `yaml:"name"`
		Context struct {
			Cluster string `yaml:"cluster"`
			User    string `yaml:"user"`
		} `yaml:"context"`
	} `yaml:"contexts"`
	Clusters []struct {
		Name    string        `yaml:"name"`
		Cluster configCluster `yaml:"cluster"`
	} `yaml:"clusters"`
	Users []struct {
		Name string     `yaml:"name"`
		User configUser `yaml:"user"`
	} `yaml:"users"`
}

type configCluster struct {
	Server     string  `yaml:"server"`
	ServerName string  `yaml:"tls-server-name"`
	CAData     encoded `yaml:"certificate-authority-data"`
	CAFile     string  `yaml:"certificate-authority"`
	Insecure   bool    `yaml:"insecure-skip-tls-verify"`
	Proxy      string  `yaml:"proxy-url"`
}

type configUser struct {
	Token     string    `yaml:"token"`
	CertData  encoded   `yaml:"client-certificate-data"`
	KeyData   encoded   `yaml:"client-key-data"`
	TokenFile string    `yaml:"tokenFile"`
	CertFile  string    `yaml:"client-certificate"`
	KeyFile   string    `yaml:"client-key"`
	Username  string    `yaml:"username"`
	As        string    `yaml:"as"`
	Exec      yaml.Node `yaml:"exec"`
	Provider  yaml.Node `yaml:"auth-provider"`
}

// ParseKubeconfig reads the current context of a kubeconfig that stands by itself: it names no file and
// starts no program. Its errors hold nothing of it but the names of contexts, clusters and users.
func ParseKubeconfig(text []byte) (*Cluster, error) {
	if len(text) > MaxKubeconfig {
		return nil, fmt.Errorf("it has more than %d bytes", MaxKubeconfig)
	}
	var k kubeconfig
	if err := yaml.Unmarshal(text, &k); err != nil { // it may quote what it read
		return nil, errors.New("it is no kubeconfig in YAML; kubectl config view --flatten --minify writes one")
	}
	cluster, user, err := k.current()
	if err != nil {
		return nil, err
	}
	c := &Cluster{Token: user.Token}
	if c.Server, err = server(cluster.Server); err != nil {
		return nil, err
	}
	if c.Trust.Name = cluster.ServerName; len(cluster.CAData) > 0 {
		if c.Trust.Roots, err = authorities(cluster.CAData); err != nil {
			return nil, err
		}
	}
	if len(user.CertData)+len(user.KeyData) > 0 {
		own, err := tls.X509KeyPair(user.CertData, user.KeyData)
		if err != nil {
			return nil, errors.New("client-certificate-data and client-key-data are no certificate and its key")
		}
		c.Trust.Certificate = &own
	}
	return c, nil
}

// current is the cluster and the user of the current context.
func (k kubeconfig) current() (cluster configCluster, user configUser, err error) {
	if k.Current == "" {
		return cluster, user, errors.New("it has no current-context; kubectl config use-context sets it")
	}
	named, which := [2]string{}, 0
	for _, c := range k.Contexts {
		if c.Name == k.Current {
			named, which = [2]string{c.Context.Cluster, c.Context.User}, which+1
		}
	}
	if which != 1 {
		return cluster, user, fmt.Errorf("it has %d contexts named as the current one, %q", which, k.Current)
	}
	found := [2]int{}
	for _, c := range k.Clusters {
		if c.Name == named[0] {
			cluster, found[0] = c.Cluster, found[0]+1
		}
	}
	for _, u := range k.Users {
		if u.Name == named[1] {
			user, found[1] = u.User, found[1]+1
		}
	}
	if found != [2]int{1, 1} {
		return cluster, user, fmt.Errorf("it has %d clusters named %q and %d users named %q, as its current context says", found[0], named[0], found[1], named[1])
	}
	return cluster, user, refused(cluster, user)
}

// refused says what in a kubeconfig is not taken, and what to do instead.
func refused(c configCluster, u configUser) error {
	const flatten = "put its content there; kubectl config view --flatten --minify does"
	for _, r := range []struct {
		set       bool
		key, next string
	}{
		{!u.Exec.IsZero(), "exec", "no program is started to get a token; use the token of a service account, such as kubectl create token prints"},
		{!u.Provider.IsZero(), "auth-provider", "use the token of a service account, such as kubectl create token prints"},
		{c.Insecure, "insecure-skip-tls-verify", "nobody could be believed then; give certificate-authority-data"},
		{c.CAFile != "", "certificate-authority, a file", flatten},
		{u.CertFile != "" || u.KeyFile != "", "client-certificate or client-key, a file", flatten},
		{u.TokenFile != "", "tokenFile", "put the token there as token"},
		{u.Username != "", "username", "clusters take no passwords any more; use a token"},
		{u.As != "", "as", "use the account itself"},
		{c.Proxy != "", "proxy-url", "set HTTPS_PROXY for the step"},
		{u.Token == "" && len(u.CertData) == 0, "neither token nor client-certificate-data", "use the token of a service account"},
	} {
		if r.set {
			return fmt.Errorf("it has %s, which is not taken: %s", r.key, r.next)
		}
	}
	return nil
}

// server reads the address of an API server. Over plain HTTP a token would be everybody's.
func server(address string) (*url.URL, error) {
	s, err := url.Parse(address)
	switch {
	case err != nil || s.Host == "" || s.User != nil || s.RawQuery != "" || s.Scheme != "https" && s.Scheme != "http":
		return nil, errors.New("its cluster's server is no address such as https://10.0.0.1:6443")
	case s.Scheme == "http":
		return nil, errors.New("its cluster's server is an http address, over which anybody could read the token; use https")
	}
	return s, nil
}

// encoded is bytes in base64.
type encoded []byte

func (e *encoded) UnmarshalYAML(n *yaml.Node) error {
	decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(n.Value), ""))
	*e = decoded
	return err
}
