package probe

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// Kind is what is asked, and in which language.
type Kind string

// The kinds.
const (
	KindHTTP       Kind = "http"
	KindTLS        Kind = "tls"
	KindTCP        Kind = "tcp"
	KindDNS        Kind = "dns"
	KindGRPC       Kind = "grpc"
	KindKubernetes Kind = "kubernetes"
)

// Request is one request to make.
type Request struct {
	Kind    Kind          // "" is KindHTTP
	URL     *url.URL      // of http: http or https, without user and password
	Target  string        // of tls, tcp and grpc host:port, of dns a name, of kubernetes namespace/deployment
	Timeout time.Duration // for all of it, redirects and body included; above 0
	Agent   string        // who says to ask; "" is slipway-deploy-verify

	Method    string      // of http; "" is GET
	Header    http.Header // of http: beside our own, or instead of them; they go to the host of URL alone
	Body      string      // of http
	Redirects *int        // of http: how many are followed; nil is 5. With 0 the redirect is the answer

	Trust     Trust    // of http, tls and grpc
	Encrypted bool     // of grpc: over TLS
	Service   string   // of grpc: the service that is asked about; "" is the server
	Cluster   *Cluster // of kubernetes
}

// Trust is whom a connection believes, and who it says to be.
type Trust struct {
	Roots       *x509.CertPool   // the authorities that are trusted; nil is the machine's
	Certificate *tls.Certificate // the client's own; nil is none
	Name        string           // that the server's certificate must be for; "" is the host that is asked
}

// Answer is what came of a request. Everything in it but Class and Latency was said by somebody else.
type Answer struct {
	Class   Class
	Detail  string // why there is no whole answer; no address in it but that of a redirect, without its query
	Latency time.Duration

	Status   int         // of http, grpc and kubernetes as each counts them; of http and kubernetes 0 where no answer began
	Header   http.Header // of http
	Body     []byte      // of http: whole where Class is Answered, else nil
	Final    string      // of http: the other host or path that redirects led to, without its query; "" where there was none
	Redirect *url.URL    // of http: where redirects led, or the one that was not followed would; nil without. Its query may hold a secret

	Certificate *Certificate // of tls; there with class TLS too, where it was shown
	Names       *Names       // of dns
	Health      string       // of grpc, with status 0: SERVING and its like
	Rollout     *Rollout     // of kubernetes, with status 200
}

// Certificate is what a server showed of itself in a handshake.
type Certificate struct {
	Leaf     *x509.Certificate
	Until    time.Time // when the first of the certificates ends that it is believed by; the zero time where it is not believed
	Protocol uint16    // the version of TLS that was agreed on
	Cipher   uint16
	At       time.Time // when it was shown
}

// Names is what a name resolves to.
type Names struct {
	Addresses []netip.Addr // in order, each once
	Partial   string       // why the answer is not whole: A or AAAA could not be looked up; "" where it is
}

// Rollout is how far a Deployment has come.
type Rollout struct {
	Generation  int64 // of the wish
	Observed    int64 // the generation that the cluster has begun to act on
	Wanted      int64 // pods
	Updated     int64 // pods of the newest template
	All         int64 // pods, old ones included
	Available   int64
	Paused      bool
	Deleted     bool     // it is on its way out
	Progressing string   // the reason of the condition Progressing; "" without one
	Images      []string // of the newest template's containers
}
