//go:build verifyit

package source

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// port is one on which nobody listens.
func port(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// realGraphite starts Debian's carbon-cache and graphite-web in a folder of their own, with points of a
// second, and returns their addresses.
func realGraphite(t *testing.T) (lines, web string) {
	t.Helper()
	dir := t.TempDir()
	line, pickle, query, page := port(t), port(t), port(t), port(t)
	for name, text := range map[string]string{
		"storage-schemas.conf": "[all]\npattern = .*\nretentions = 1s:1h\n",
		"carbon.conf": fmt.Sprintf("[cache]\nSTORAGE_DIR = %[1]s\nCONF_DIR = %[1]s\nLOG_DIR = %[1]s\nPID_DIR = %[1]s\nLOCAL_DATA_DIR = %[1]s/whisper\nUSER =\nMAX_CREATES_PER_MINUTE = inf\nENABLE_TAGS = False\n"+
			"LINE_RECEIVER_INTERFACE = 127.0.0.1\nLINE_RECEIVER_PORT = %[2]d\nPICKLE_RECEIVER_INTERFACE = 127.0.0.1\nPICKLE_RECEIVER_PORT = %[3]d\nCACHE_QUERY_INTERFACE = 127.0.0.1\nCACHE_QUERY_PORT = %[4]d\n",
			dir, line, pickle, query),
		"verifyit_settings.py": fmt.Sprintf("from graphite.settings import *\nSECRET_KEY = 'for a test'\nSTORAGE_DIR = LOG_DIR = '%[1]s'\nWHISPER_DIR = '%[1]s/whisper'\nSTANDARD_DIRS = [WHISPER_DIR]\nINDEX_FILE = '%[1]s/index'\n"+
			"ALLOWED_HOSTS = ['*']\nCARBONLINK_HOSTS = ['127.0.0.1:%[2]d:1']\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': '%[1]s/graphite.db'}}\n", dir, query),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "whisper"), 0o755); err != nil {
		t.Fatal(err)
	}
	command := func(name string, args ...string) *exec.Cmd {
		c := exec.CommandContext(t.Context(), name, args...)
		c.Env, c.Dir = append(os.Environ(), "PYTHONPATH="+dir, "DJANGO_SETTINGS_MODULE=verifyit_settings"), dir
		return c
	}
	start := func(name string, args ...string) {
		c := command(name, args...)
		if err := c.Start(); err != nil {
			t.Fatalf("%s cannot be started: %v. tools/verifyit/install.sh installs it", name, err)
		}
		t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	}
	start("/usr/bin/carbon-cache", "--config="+filepath.Join(dir, "carbon.conf"), "--nodaemon", "start")
	if out, err := command("/usr/bin/python3", "-m", "django", "migrate", "--run-syncdb").CombinedOutput(); err != nil {
		t.Fatalf("graphite-web cannot be prepared: %v\n%s", err, out)
	}
	start("/usr/bin/python3", "-m", "django", "runserver", "--noreload", fmt.Sprintf("127.0.0.1:%d", page))
	lines, web = fmt.Sprintf("127.0.0.1:%d", line), fmt.Sprintf("http://127.0.0.1:%d", page)
	for range 300 {
		r, err := http.Get(web + "/render?target=none&format=json")
		c, wrong := net.Dial("tcp", lines)
		if wrong == nil {
			c.Close()
		}
		if err == nil {
			r.Body.Close()
			if r.StatusCode == 200 && wrong == nil {
				return lines, web
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("Graphite did not come up")
	return "", ""
}

// What is written to a real Graphite is read back from it, slot by slot.
func TestRealGraphite(t *testing.T) {
	lines, web := realGraphite(t)
	from := time.Now().UTC().Truncate(time.Second).Add(-30 * time.Second)
	var text strings.Builder
	for i := range 20 {
		at := from.Add(time.Duration(i) * time.Second).Unix()
		fmt.Fprintf(&text, "stats_counts.shop.1_5_0.requests %d %d\nstats_counts.shop.1_4_2.errors 1 %d\nstats.gauges.queue %d %d\n", i, at, at, 100+i, at)
		for _, bin := range []string{"bin_100", "bin_300", "bin_inf"} {
			fmt.Fprintf(&text, "stats.timers.shop.histogram.%s 2 %d\n", bin, at)
		}
	}
	c, err := net.Dial("tcp", lines)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte(text.String())); err != nil {
		t.Fatal(err)
	}
	c.Close()
	g, err := NewGraphite(Options{URL: web})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(query string, kind timeseries.Kind) (timeseries.Answer, *timeseries.Problem) {
		return g.Ask(t.Context(), timeseries.Question{Query: query, Template: strings.Replace(query, "1_5_0", "$version", 1), Kind: kind, Since: from, Window: timeseries.Window{From: from, Width: 10 * time.Second, Slots: 2}})
	}
	var a timeseries.Answer
	var problem *timeseries.Problem
	for range 100 { // it is written a little later
		if a, problem = ask("stats_counts.shop.1_5_0.requests", timeseries.Counter); problem == nil && a.Series == 1 && a.Slots[1].Samples == 10 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if problem != nil || a.Slots[0].Growth != 45 || a.Slots[1].Growth != 145 {
		t.Errorf("%+v, %v", a, problem)
	}
	if a, problem = ask("sumSeries(stats_counts.shop.*.requests)", timeseries.Counter); problem != nil || a.Slots[0].Growth != 45 {
		t.Errorf("a sum: %+v, %v", a, problem)
	}
	if a, problem = ask("stats.gauges.queue", timeseries.Gauge); problem != nil || a.Slots[0].Value != 109 || a.Slots[1].Value != 119 {
		t.Errorf("a gauge: %+v, %v", a, problem)
	}
	if a, problem = ask("stats.timers.shop.histogram.bin_*", timeseries.Histogram); problem != nil || fmt.Sprint(a.Slots[1].Buckets) != "[20 40 60]" {
		t.Errorf("a histogram: %+v, %v", a, problem)
	}
	if a, problem = ask("stats_counts.shop.1_5_0.errors", timeseries.Counter); problem != nil || a.Series != 0 {
		t.Errorf("errors that have not come: %+v, %v", a, problem)
	}
	for query, want := range map[string]timeseries.Name{"stats_counts.shop.1_5_0.erors": timeseries.Empty, "nosuchfunction(stats.gauges.queue)": timeseries.NotCounter} {
		if _, problem = ask(query, timeseries.Counter); problem == nil || problem.Name != want {
			t.Errorf("%s: %v, want %s", query, problem, want)
		}
	}
}
