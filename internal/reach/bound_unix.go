//go:build unix

package reach

import (
	"os"
	"os/exec"
	"syscall"
	"time"
)

// bound limits the memory of this process, and of those it starts, each by itself. Where a machine has
// less, these are the first to go.
func bound(bytes uint64) {
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0o600)
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_DATA, &limit) == nil && uint64(limit.Cur) > bytes {
		limit.Cur = bytes
		_ = syscall.Setrlimit(syscall.RLIMIT_DATA, &limit)
	}
}

// alone makes a process that ends together with all that it has started.
func alone(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
}
