package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// rollout asks the API of a cluster how far a Deployment has come.
func (c *Client) rollout(ctx context.Context, r Request) Answer {
	namespace, name, ok := strings.Cut(r.Target, "/")
	if !ok || r.Cluster == nil {
		return Answer{Class: Other, Detail: "no cluster is known to ask"}
	}
	token, err := r.Cluster.token()
	if err != nil {
		return Answer{Class: Other, Detail: "the pod's token cannot be read: " + err.Error()}
	}
	header := http.Header{"Accept": {"application/json"}}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	none := 0
	a := c.get(ctx, Request{
		URL: r.Cluster.Server.JoinPath("apis/apps/v1/namespaces", namespace, "deployments", name), Timeout: r.Timeout, Agent: r.Agent,
		Header: header, Redirects: &none, Trust: r.Cluster.Trust,
	})
	a.Header, a.Final, a.Redirect = nil, "", nil
	if a.Class == Answered {
		switch a.Status {
		case http.StatusOK:
			if a.Rollout, err = parseRollout(a.Body, namespace, name); err != nil {
				a.Class, a.Detail = Malformed, err.Error()
			}
		case http.StatusNotFound:
			if err := parseNotFound(a.Body); err != nil {
				a.Class, a.Detail = Malformed, err.Error()
			}
		}
	}
	a.Body = nil
	return a
}

// deployment is as much of one as matters here. Every API server sends generation and replicas, so that
// their absence is told from 0; see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/.
type deployment struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name       string `json:"name"`
		Namespace  string `json:"namespace"`
		Generation int64  `json:"generation"`
		Deleted    string `json:"deletionTimestamp"`
	} `json:"metadata"`
	Spec struct {
		Replicas *int64 `json:"replicas"`
		Paused   bool   `json:"paused"`
		Template struct {
			Spec struct {
				Containers []struct {
					Image string `json:"image"`
				} `json:"containers"`
			} `json:"spec"`
		} `json:"template"`
	} `json:"spec"`
	Status struct {
		Observed   int64 `json:"observedGeneration"`
		Replicas   int64 `json:"replicas"`
		Updated    int64 `json:"updatedReplicas"`
		Available  int64 `json:"availableReplicas"`
		Conditions []struct {
			Type   string `json:"type"`
			Reason string `json:"reason"`
		} `json:"conditions"`
	} `json:"status"`
}

const maxContainers = 100

// parseRollout reads the Deployment that was asked for, and no other.
func parseRollout(text []byte, namespace, name string) (*Rollout, error) {
	var d deployment
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, fmt.Errorf("%d bytes that are no JSON of a Deployment", len(text))
	}
	containers := d.Spec.Template.Spec.Containers
	switch {
	case d.APIVersion != "apps/v1" || d.Kind != "Deployment":
		return nil, fmt.Errorf("a %q of %q", d.Kind, d.APIVersion)
	case d.Metadata.Name != name || d.Metadata.Namespace != namespace:
		return nil, fmt.Errorf("the Deployment %s/%s instead of the one asked for", d.Metadata.Namespace, d.Metadata.Name)
	case d.Metadata.Generation < 1 || d.Spec.Replicas == nil:
		return nil, errors.New("a Deployment without generation or replicas")
	case *d.Spec.Replicas < 0 || d.Status.Replicas < 0 || d.Status.Updated < 0 || d.Status.Available < 0 || len(containers) == 0 || len(containers) > maxContainers:
		return nil, errors.New("a Deployment whose numbers cannot be")
	}
	r := &Rollout{
		Generation: d.Metadata.Generation, Observed: d.Status.Observed, Wanted: *d.Spec.Replicas, Updated: d.Status.Updated, All: d.Status.Replicas,
		Available: d.Status.Available, Paused: d.Spec.Paused, Deleted: d.Metadata.Deleted != "",
	}
	for _, condition := range d.Status.Conditions {
		if condition.Type == "Progressing" {
			r.Progressing = condition.Reason
		}
	}
	for _, container := range containers {
		r.Images = append(r.Images, container.Image)
	}
	return r, nil
}

// parseNotFound wants it to be the API that says that there is no such Deployment. Another server knows
// nothing of it.
func parseNotFound(text []byte) error {
	var s struct {
		Kind    string `json:"kind"`
		Reason  string `json:"reason"`
		Details struct {
			Kind string `json:"kind"`
		} `json:"details"`
	}
	if err := json.Unmarshal(text, &s); err != nil || s.Kind != "Status" || s.Reason != "NotFound" || s.Details.Kind != "deployments" {
		return errors.New("status 404, which no API of Kubernetes said")
	}
	return nil
}
