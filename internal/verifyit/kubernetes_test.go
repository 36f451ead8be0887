//go:build verifyit

package verifyit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The Kubernetes variant is tried as far as it can be without a cluster: by what it tells kubectl.
func TestKubernetesShift(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	told := filepath.Join(dir, "told")
	if err := os.WriteFile(filepath.Join(dir, "kubectl"), []byte("#!/bin/sh\necho \"$*\" >>"+told+"\n[ \"$1 $2\" != \"$BROKEN\" ]\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	shift := func(broken, share string) (said string, code int) {
		os.Remove(told)
		cmd := exec.Command(filepath.Join(top, "examples/kubernetes/deploy/shift.sh"), share)
		cmd.Env = []string{"PATH=" + dir + ":/usr/bin:/bin", "BROKEN=" + broken}
		cmd.CombinedOutput()
		text, _ := os.ReadFile(told)
		return plain(text), cmd.ProcessState.ExitCode()
	}
	lane := func(track string) string {
		return `patch service shop-lane --type=merge --patch {"spec":{"selector":{"track":"` + track + `"}}}`
	}
	for share, want := range map[string]string{
		"25%": "scale deployment/shop-canary --replicas=5\nrollout status deployment/shop-canary --timeout=5m\n" +
			"scale deployment/shop-stable --replicas=15\nrollout status deployment/shop-stable --timeout=5m\n" + lane("canary"),
		"back": "scale deployment/shop-stable --replicas=20\nrollout status deployment/shop-stable --timeout=5m\n" +
			"scale deployment/shop-canary --replicas=0\nrollout status deployment/shop-canary --timeout=5m\n" + lane("stable"),
	} {
		said, code := shift("", share)
		if diff := cmp.Diff(want, said); diff != "" || code != 0 {
			t.Errorf("%s: exit %d (-want +got):\n%s", share, code, diff)
		}
	}
	for _, share := range []string{"", "0%", "7%", "101", "5.5%", "all", "05"} {
		if said, code := shift("", share); code != 2 || said != "" {
			t.Errorf("%q: exit %d, and kubectl is told %s", share, code, said)
		}
	}
	// Where the canary does not get ready, nothing is taken from stable.
	if said, code := shift("rollout status", "25%"); code == 0 || strings.Contains(said, "shop-stable") {
		t.Errorf("exit %d, and kubectl is told %s", code, said)
	}
}
