//go:build verifyit

package verifyit

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// site is where the service runs: two slots behind a proxy, and a Prometheus that watches all of them. All is
// configured by the files of examples/canary, with other addresses and shorter times alone.
type site struct {
	*testing.T
	dir   string
	slots map[string]*program // by name: stable, canary

	stable, canary, front, lane, exporter, numbers string // addresses
	socket                                         string // of the proxy
}

func newSite(t *testing.T) *site {
	t.Helper()
	dir, err := os.MkdirTemp("", "site-") // shorter than t.TempDir: a socket's path has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &site{T: t, dir: dir, slots: map[string]*program{}, socket: filepath.Join(dir, "admin.sock")}
	for _, a := range []*string{&s.stable, &s.canary, &s.front, &s.lane, &s.exporter, &s.numbers} {
		*a = address(t)
	}
	return s
}

// addresses are those of the example files, and what they are here.
func (s *site) addresses() []string {
	return []string{"/run/haproxy/admin.sock", s.socket, "127.0.0.1:8001", s.stable, "127.0.0.1:8002", s.canary, "bind :8080", "bind " + s.front,
		"bind :8081", "bind " + s.lane, "bind :8404", "bind " + s.exporter,
		"proxy.internal:8081", s.lane, "127.0.0.1:8404", s.exporter, "prometheus.internal:9090", s.numbers}
}

// example is a file of examples/canary with other texts in the place of some, by pairs. Each must be there,
// so that nobody changes the example and leaves the test with one of its own; addresses may be.
func (s *site) example(name string, pairs ...string) string {
	s.Helper()
	text, err := os.ReadFile(filepath.Join(top, "examples/canary", name))
	if err != nil {
		s.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(string(text), pairs[i]) {
			s.Fatalf("examples/canary/%s has no %q any more", name, pairs[i])
		}
	}
	return strings.NewReplacer(append(pairs, s.addresses()...)...).Replace(string(text))
}

// open starts the proxy and Prometheus, with before in the stable slot.
func (s *site) open() {
	s.Helper()
	s.deploy("stable", before, "-errors", "0.005")
	config := s.write("haproxy.cfg", s.example("haproxy.cfg"))
	start(s.T, s.dir, "haproxy", find(s.T, "haproxy"), "-db", "-f", config)
	eventually(s.T, "the proxy should listen", func() error { return errors.Join(listens(s.front), listens(s.lane), listens(s.exporter)) })
	s.shift("back")
	s.watch(s.numbers, s.example("prometheus.yml", "scrape_interval: 15s", "scrape_interval: 1s"))
}

// watch starts a Prometheus.
func (s *site) watch(address, config string) {
	s.Helper()
	name := "prometheus-" + address[strings.LastIndex(address, ":")+1:]
	path := s.write(name+".yml", config)
	start(s.T, s.dir, name, find(s.T, "prometheus"), "--config.file="+path, "--storage.tsdb.path="+filepath.Join(s.dir, name), "--web.listen-address="+address)
	eventually(s.T, "Prometheus should be ready", func() error { _, err := read("http://" + address + "/-/ready"); return err })
}

func (s *site) write(name, text string) string {
	s.Helper()
	path := filepath.Join(s.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		s.Fatal(err)
	}
	return path
}

// deploy puts a version into a slot, in the place of the one that was there.
func (s *site) deploy(slot, version string, mood ...string) {
	s.Helper()
	address := map[string]string{"stable": s.stable, "canary": s.canary}[slot]
	if old := s.slots[slot]; old != nil {
		old.stop()
	}
	s.slots[slot] = start(s.T, s.dir, slot, filepath.Join(built, "shop-"+version), append([]string{"-addr", address}, mood...)...)
	eventually(s.T, slot+" should run "+version, func() error {
		body, err := read("http://" + address + "/version")
		if err == nil && !strings.Contains(body, `"version":"`+version+`"`) {
			err = errors.New(body)
		}
		return err
	})
}

// shift moves the traffic by the example's own step.
func (s *site) shift(share string) {
	s.Helper()
	find(s.T, "socat")
	cmd := exec.Command(filepath.Join(top, "examples/canary/shift.sh"), share)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HAPROXY_SOCKET=" + s.socket}
	text, err := cmd.CombinedOutput()
	if err != nil {
		s.Fatalf("shift.sh %s: %v\n%s", share, err, text)
	}
	if share != "back" {
		eventually(s.T, "the proxy should hold the canary for healthy", func() error {
			if status := s.statistics("status")["canary"]; status != "UP" {
				return fmt.Errorf("it is %q", status)
			}
			return nil
		})
	}
	s.Logf("shifted: %s", plain(text))
}

// tell is one command on the proxy's admin socket, and its answer.
func (s *site) tell(command string) string {
	s.Helper()
	c, err := net.DialTimeout("unix", s.socket, 5*time.Second)
	if err != nil {
		s.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := fmt.Fprintln(c, command); err != nil {
		s.Fatal(err)
	}
	text, err := io.ReadAll(c)
	if err != nil {
		s.Fatalf("%s: %v", command, err)
	}
	return plain(text)
}

// statistics are one column of the proxy's own, by slot.
func (s *site) statistics(column string) map[string]string {
	s.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(s.tell("show stat"), "# "))).ReadAll()
	if err != nil || len(rows) < 2 {
		s.Fatalf("the proxy's statistics: %v\n%v", err, rows)
	}
	values, at := map[string]string{}, slices.Index(rows[0], column)
	for _, row := range rows[1:] {
		if row[0] == "shop" {
			values[row[1]] = row[at]
		}
	}
	return values
}

// weights are those that the proxy has now.
func (s *site) weights() (stable, canary string) {
	s.Helper()
	first := func(said string) string { weight, _, _ := strings.Cut(said, " "); return weight }
	return first(s.tell("get weight shop/stable")), first(s.tell("get weight shop/canary"))
}
