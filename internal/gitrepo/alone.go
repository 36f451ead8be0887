package gitrepo

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// alone makes git end together with all that it starts: one that speaks to a remote is a process of git's, and
// would go on waiting for a server long after git was killed. It has no terminal either, so that nothing, ssh
// included, can stop to ask a question there.
func alone(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error {
		err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
	cmd.WaitDelay = 2 * time.Second
}
