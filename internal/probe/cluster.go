package probe

import "net/url"

// Cluster is the API server of a Kubernetes cluster, and how it is asked.
type Cluster struct {
	Server     *url.URL
	ServerName string // that its certificate must be for; "" is the host of Server
	Trust      Trust
	Token      string // "" is none
	TokenFile  string // where the token stands that the cluster renews; "" is none
}
