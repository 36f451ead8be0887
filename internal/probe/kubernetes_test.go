package probe

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const webDeployment = `{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web","namespace":"shop","generation":7},
"spec":{"replicas":3,"template":{"spec":{"containers":[{"name":"web","image":"acme/web:1.5.0"},{"name":"proxy","image":"envoy:1"}]}}},
"status":{"observedGeneration":7,"replicas":4,"updatedReplicas":3,"availableReplicas":2,"conditions":[{"type":"Available","reason":"MinimumReplicasAvailable"},{"type":"Progressing","reason":"ReplicaSetUpdated"}]}}`

const notFound = `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","details":{"name":"web","group":"apps","kind":"deployments"},"code":404}`

// cluster is an API server with one answer.
func cluster(t *testing.T, ca authority, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.TLS, server.Config.ErrorLog = tlsOf(ca.local(t)), silentLog
	server.StartTLS()
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server
}

func TestRollout(t *testing.T) {
	ca := newAuthority(t, "Cluster")
	say := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status); io.WriteString(w, body) }
	}
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		class   Class
		status  int
		detail  string
	}{
		"well":          {say(200, webDeployment), Answered, 200, ""},
		"none":          {say(404, notFound), Answered, 404, ""},
		"another's 404": {say(404, "404 page not found"), Malformed, 404, "status 404, which no API of Kubernetes said"},
		"unknown token": {say(401, `{"kind":"Status"}`), Answered, 401, ""},
		"forbidden":     {say(403, `{"kind":"Status"}`), Answered, 403, ""},
		"broken":        {say(500, "etcd"), Answered, 500, ""},
		"html":          {say(200, "<html>login</html>"), Malformed, 200, "18 bytes that are no JSON of a Deployment"},
		"half":          {say(200, webDeployment[:100]), Malformed, 200, "100 bytes that are no JSON of a Deployment"},
		"other":         {say(200, strings.Replace(webDeployment, `"shop"`, `"test"`, 1)), Malformed, 200, "the Deployment test/web instead of the one asked for"},
		"another kind":  {say(200, strings.Replace(webDeployment, `"Deployment"`, `"Scale"`, 1)), Malformed, 200, `a "Scale" of "apps/v1"`},
		"no generation": {say(200, strings.Replace(webDeployment, `"generation"`, `"g"`, 1)), Malformed, 200, "a Deployment without generation or replicas"},
		"no replicas":   {say(200, strings.Replace(webDeployment, `"replicas":3,`, ``, 1)), Malformed, 200, "a Deployment without generation or replicas"},
		"no containers": {say(200, strings.Replace(webDeployment, `"containers"`, `"c"`, 1)), Malformed, 200, "a Deployment whose numbers cannot be"},
		"negative":      {say(200, strings.Replace(webDeployment, `"updatedReplicas":3`, `"updatedReplicas":-3`, 1)), Malformed, 200, "a Deployment whose numbers cannot be"},
		"a redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://login.example/", http.StatusFound)
		}, Answered, 302, ""},
		"cut":               {hostile["/cut"], Cut, 200, "after 5 bytes: unexpected EOF"},
		"a hundred million": {hostile["/endless"], TooLarge, 200, "more than 10485760 bytes"},
		"silent":            {hostile["/silent"], Timeout, 0, "nothing within 300ms"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := cluster(t, ca, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/k8s/apis/apps/v1/namespaces/shop/deployments/web" || r.Header.Get("Authorization") != "Bearer secret" || r.Method != "GET" {
					t.Errorf("asked for %s %s as %q", r.Method, r.URL, r.Header.Get("Authorization"))
				}
				test.handler(w, r)
			})
			timeout := 30 * time.Second
			if test.class == Timeout {
				timeout = 300 * time.Millisecond
			}
			a := New().Do(t.Context(), Request{Kind: KindKubernetes, Target: "shop/web", Timeout: timeout,
				Cluster: &Cluster{Server: address(t, server.URL+"/k8s"), Trust: Trust{Roots: ca.pool()}, Token: "secret"}})
			if a.Class != test.class || a.Status != test.status || a.Detail != test.detail || (a.Rollout != nil) != (name == "well") || a.Body != nil || a.Header != nil {
				t.Errorf("%+v", a)
			}
			if r := a.Rollout; r != nil && fmt.Sprint(*r) != "{7 7 3 3 4 2 false false ReplicaSetUpdated [acme/web:1.5.0 envoy:1]}" {
				t.Errorf("%+v", *r)
			}
		})
	}
}

func TestOwnAccount(t *testing.T) {
	ca := newAuthority(t, "Cluster")
	server := cluster(t, ca, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Header.Get("Authorization")) })
	u := address(t, server.URL)
	env := map[string]string{"KUBERNETES_SERVICE_HOST": u.Hostname(), "KUBERNETES_SERVICE_PORT": u.Port()}
	folder := t.TempDir()
	if _, err := ownAccount(func(string) string { return "" }, folder); !errors.Is(err, ErrNoPod) {
		t.Errorf("no pod: %v", err)
	}
	getenv := func(name string) string { return env[name] }
	if _, err := ownAccount(getenv, folder); err == nil || !strings.HasPrefix(err.Error(), "the pod's token cannot be read") {
		t.Errorf("no token: %v", err)
	}
	write := func(name string, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("token", "first\n")
	write("ca.crt", "none")
	if _, err := ownAccount(getenv, folder); err == nil || !strings.HasPrefix(err.Error(), "there is no certificate") {
		t.Errorf("no authorities: %v", err)
	}
	write("ca.crt", string(ca.pem()))
	c, err := ownAccount(getenv, folder)
	if err != nil {
		t.Fatal(err)
	}
	write("token", "second\n") // the cluster renews it
	if token, err := c.token(); token != "second" || err != nil || c.Server.String() != server.URL {
		t.Errorf("%q, %v, %s", token, err, c.Server)
	}
	os.Remove(filepath.Join(folder, "token"))
	a := New().Do(t.Context(), Request{Kind: KindKubernetes, Target: "shop/web", Timeout: 10 * time.Second, Cluster: c})
	if a.Class != Other || !strings.HasPrefix(a.Detail, "the pod's token cannot be read") {
		t.Errorf("the token is gone: %+v", a)
	}
}

// config is a kubeconfig whose cluster and user have these keys beside or instead of the usual ones.
func config(t *testing.T, cluster, user map[string]string) string {
	t.Helper()
	ca := newAuthority(t, "Cluster")
	lines := func(usual, given map[string]string) string {
		for k, v := range given {
			usual[k] = v
		}
		text := ""
		for k, v := range usual {
			if v != "" {
				text += "\n    " + k + ": " + v
			}
		}
		return text
	}
	c := lines(map[string]string{"server": "https://10.0.0.1:6443", "certificate-authority-data": base64.StdEncoding.EncodeToString(ca.pem())}, cluster)
	u := lines(map[string]string{"token": "secret"}, user)
	return "apiVersion: v1\nkind: Config\ncurrent-context: here\npreferences: {}\ncontexts:\n- name: there\n  context: {cluster: b, user: b}\n- name: here\n  context: {cluster: a, user: a, namespace: x}\nclusters:\n- name: a\n  cluster:" + c + "\nusers:\n- name: a\n  user:" + u + "\n"
}

func TestParseKubeconfig(t *testing.T) {
	ca := newAuthority(t, "Cluster")
	cert, key := base64.StdEncoding.EncodeToString(ca.pem()), base64.StdEncoding.EncodeToString(ca.keyPEM(t))
	for name, test := range map[string]struct {
		text string
		want string // what the error begins with; "" for none
	}{
		"a token":        {config(t, nil, nil), ""},
		"a certificate":  {config(t, nil, map[string]string{"token": "", "client-certificate-data": cert, "client-key-data": key}), ""},
		"a name":         {config(t, map[string]string{"tls-server-name": "kubernetes"}, nil), ""},
		"the machine's":  {config(t, map[string]string{"certificate-authority-data": ""}, nil), ""},
		"exec":           {config(t, nil, map[string]string{"token": "", "exec": "{command: aws}"}), "it has exec, which is not taken: no program is started"},
		"exec and token": {config(t, nil, map[string]string{"exec": "{command: aws}"}), "it has exec"},
		"provider":       {config(t, nil, map[string]string{"auth-provider": "{name: gcp}"}), "it has auth-provider"},
		"unverified":     {config(t, map[string]string{"insecure-skip-tls-verify": "true"}, nil), "it has insecure-skip-tls-verify"},
		"ca file":        {config(t, map[string]string{"certificate-authority": "/ca.pem"}, nil), "it has certificate-authority, a file"},
		"cert file":      {config(t, nil, map[string]string{"client-certificate": "/c.pem"}), "it has client-certificate or client-key, a file"},
		"token file":     {config(t, nil, map[string]string{"tokenFile": "/token"}), "it has tokenFile"},
		"password":       {config(t, nil, map[string]string{"username": "me", "password": "secret"}), "it has username"},
		"as another":     {config(t, nil, map[string]string{"as": "root"}), "it has as"},
		"proxy":          {config(t, map[string]string{"proxy-url": "http://proxy"}, nil), "it has proxy-url"},
		"nobody":         {config(t, nil, map[string]string{"token": ""}), "it has neither token"},
		"http":           {config(t, map[string]string{"server": "http://10.0.0.1"}, nil), "its cluster's server is an http address"},
		"no server":      {config(t, map[string]string{"server": ""}, nil), "its cluster's server is no address"},
		"with password":  {config(t, map[string]string{"server": "https://a:secret@b"}, nil), "its cluster's server is no address"},
		"no base64":      {config(t, map[string]string{"certificate-authority-data": "'*secret*'"}, nil), "it is no kubeconfig in YAML"},
		"no certificate": {config(t, map[string]string{"certificate-authority-data": "c2VjcmV0"}, nil), "there is no certificate"},
		"no key":         {config(t, nil, map[string]string{"token": "", "client-certificate-data": cert}), "client-certificate-data and client-key-data are no"},
		"no context":     {strings.Replace(config(t, nil, nil), "current-context: here", "", 1), "it has no current-context"},
		"other context":  {strings.Replace(config(t, nil, nil), "current-context: here", "current-context: away", 1), `it has 0 contexts named as the current one, "away"`},
		"other cluster":  {strings.Replace(config(t, nil, nil), "current-context: here", "current-context: there", 1), `it has 0 clusters named "b" and 0 users named "b"`},
		"empty":          {"", "it has no current-context"},
		"a path":         {"/home/me/.kube/config", "it is no kubeconfig in YAML"},
		"no yaml":        {"{secret", "it is no kubeconfig in YAML"},
		"too long":       {strings.Repeat("#", MaxKubeconfig+1), "it has more than"},
		"a bomb":         {bomb(), "it is no kubeconfig in YAML"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := ParseKubeconfig([]byte(test.text))
			switch {
			case (err == nil) != (test.want == ""):
				t.Errorf("%v, want %q", err, test.want)
			case err != nil && (!strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "secret")):
				t.Errorf("%v, want %q", err, test.want)
			case err == nil && (c.Server.String() != "https://10.0.0.1:6443" || (c.Token == "secret") != (c.Trust.Certificate == nil) || (c.Trust.Roots == nil) != (name == "the machine's") || (c.Trust.Name == "") != (name != "a name")):
				t.Errorf("%+v", c)
			}
		})
	}
}

// bomb is a document whose aliases stand for more than any machine holds.
func bomb() string {
	text := "current-context: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 'b'; i < 'j'; i++ {
		text += fmt.Sprintf("k%c: &%c [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", i-1), 10), ", "))
	}
	return text
}

func FuzzParseKubeconfig(f *testing.F) {
	f.Add("current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\nclusters: [{name: a, cluster: {server: 'https://a'}}]\nusers: [{name: a, user: {token: secret}}]")
	f.Add("users: [{name: a, user: {exec: {command: a}}}]")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseKubeconfig([]byte(text))
		if err == nil && (c.Server.Scheme != "https" || c.Token == "" && c.Trust.Certificate == nil) {
			t.Errorf("%+v", c)
		}
	})
}

func FuzzParseRollout(f *testing.F) {
	f.Add([]byte(webDeployment))
	f.Add([]byte(notFound))
	f.Fuzz(func(t *testing.T, text []byte) {
		parseNotFound(text)
		r, err := parseRollout(text, "shop", "web")
		if err == nil && (r.Generation < 1 || r.Wanted < 0 || len(r.Images) == 0) {
			t.Errorf("%+v", r)
		}
	})
}
