// Package gitrepo asks the git binary about a repository. It only reads. Records are separated by
// NUL, settings of the repository that could run a program are switched off for each call, and the
// workspace is trusted for each call alone, since it belongs to another user in a container.
package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// What callers branch on.
var (
	ErrNotARepository = errors.New("not a git repository")
	ErrNoCommits      = errors.New("the repository has no commits")
	ErrNoSuchRevision = errors.New("no such revision")
)

// timeout bounds one git call; ls-remote, the only one that leaves the machine, has its own.
const timeout = 5 * time.Minute

// outputLimit is the most bytes taken from one call: a history of a million commits fits.
const outputLimit = 2 << 30

// Error is a git call that failed, with what git said.
type Error struct {
	Args   []string
	Stderr string
	Err    error
}

func (e *Error) Error() string {
	said := strings.TrimSpace(e.Stderr)
	if said == "" {
		said = e.Err.Error()
	}
	return fmt.Sprintf("git %s: %s", e.Args[0], said)
}

func (e *Error) Unwrap() error { return e.Err }

// Repo is a repository, found from a folder inside it.
type Repo struct {
	Dir  string // absolute folder the calls run in
	Root string // absolute top of the work tree
	Head string // full commit id, "" before the first commit
	// Shallow tells that history was cut off when cloning.
	Shallow bool
}

// Open finds the repository around dir. A repository without commits opens with an empty Head.
func Open(ctx context.Context, dir string) (*Repo, error) {
	r := &Repo{Dir: dir}
	out, err := r.git(ctx, "rev-parse", "--show-toplevel", "--is-shallow-repository")
	if err != nil {
		var failed *Error
		if errors.As(err, &failed) && strings.Contains(failed.Stderr, "not a git repository") {
			return nil, fmt.Errorf("%w: %s", ErrNotARepository, dir)
		}
		return nil, err
	}
	lines := strings.Split(strings.TrimRight(string(out), "\n"), "\n")
	if len(lines) != 2 {
		return nil, fmt.Errorf("git rev-parse in %s answered %d lines instead of 2", dir, len(lines))
	}
	r.Root, r.Shallow = lines[0], lines[1] == "true"
	head, err := r.Resolve(ctx, "HEAD")
	if err != nil && !errors.Is(err, ErrNoSuchRevision) {
		return nil, err
	}
	r.Head = head
	return r, nil
}

// Resolve is the full id of the commit that rev names, or ErrNoSuchRevision.
func (r *Repo) Resolve(ctx context.Context, rev string) (string, error) {
	out, err := r.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return "", fmt.Errorf("%w: %s", ErrNoSuchRevision, rev)
		}
		return "", err
	}
	return strings.TrimSpace(string(out)), nil
}

// ReadFile reads a file as it is at rev; fs.ErrNotExist where it is not there, and where its
// place holds a folder or a symbolic link. Path is relative to the top of the work tree.
func (r *Repo) ReadFile(ctx context.Context, rev, path string, limit int64) ([]byte, error) {
	entry, err := r.git(ctx, "ls-tree", "-z", "-l", "--full-tree", "--end-of-options", rev, path)
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(strings.SplitN(string(entry), "\t", 2)[0])
	if len(fields) != 4 || !strings.HasPrefix(fields[0], "100") {
		return nil, fmt.Errorf("%s at %s: %w", path, rev, fs.ErrNotExist)
	}
	var size int64
	if _, err := fmt.Sscan(fields[3], &size); err != nil {
		return nil, fmt.Errorf("size of %s at %s: %w", path, rev, err)
	}
	if size > limit {
		return nil, fmt.Errorf("%s at %s has %d bytes; the limit is %d", path, rev, size, limit)
	}
	return r.git(ctx, "cat-file", "blob", fields[2])
}

// Branch is the short name of the branch that is checked out, "" where the head is detached.
func (r *Repo) Branch(ctx context.Context) string {
	out, err := r.git(ctx, "symbolic-ref", "--quiet", "--short", "HEAD")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// RemoteURL is the address of origin, "" where there is none. Credentials in it are left out.
func (r *Repo) RemoteURL(ctx context.Context) string {
	out, err := r.git(ctx, "config", "--get", "remote.origin.url")
	if err != nil {
		return ""
	}
	url := strings.TrimSpace(string(out))
	if scheme, rest, ok := strings.Cut(url, "://"); ok {
		if at := strings.LastIndex(strings.SplitN(rest, "/", 2)[0], "@"); at >= 0 {
			rest = rest[at+1:]
		}
		return scheme + "://" + rest
	}
	return url
}

// RepositoryName is the owner/name at the end of a remote's address, "" where there is none.
func RepositoryName(url string) string {
	m := repositoryName.FindStringSubmatch(url)
	if m == nil {
		return ""
	}
	return m[1]
}

var repositoryName = regexp.MustCompile(`^(?:[a-z+]+://[^/]+/|[^/]+@[^/]+:)([\w.-]+/[\w.-]+?)(?:\.git)?/?$`)

// hardening is put before every command. Paths come from the repository's own configuration,
// which a build step may have written: none of it may start a program.
var hardening = []string{
	"--no-replace-objects", "--no-pager", "--literal-pathspecs",
	"-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false",
	"-c", "log.showSignature=false", "-c", "i18n.logOutputEncoding=UTF-8", "-c", "core.commitGraph=true",
	"-c", "protocol.ext.allow=never", "-c", "credential.helper=", "-c", "core.sshCommand=ssh -oBatchMode=yes",
}

// git runs one command and returns its output.
func (r *Repo) git(ctx context.Context, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	all := append(append([]string{"-C", r.Dir, "-c", "safe.directory=" + r.trusted()}, hardening...), args...)
	cmd := exec.CommandContext(ctx, "git", all...)
	cmd.Env = environment(os.Environ())
	cmd.WaitDelay = 2 * time.Second
	var out capped
	var stderr bytes.Buffer
	out.limit = outputLimit
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		if errors.Is(err, exec.ErrNotFound) {
			err = fmt.Errorf("the git program is not installed: %w", err)
		}
		return nil, &Error{Args: args, Stderr: tail(stderr.String(), 2000), Err: err}
	}
	return out.Bytes(), nil
}

// trusted is the folder that safe.directory must name: the repository's top once it is known.
// Before that, any folder: the call only asks where the top is.
func (r *Repo) trusted() string {
	if r.Root == "" {
		return "*"
	}
	return r.Root
}

// environment is the process's own without what would lead git to another repository or program.
func environment(environ []string) []string {
	kept := []string{"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0"}
	for _, kv := range environ {
		name, _, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(name, "GIT_") && !strings.HasPrefix(name, "GIT_CONFIG") || strings.HasPrefix(name, "INPUT_") || strings.HasPrefix(name, "LC_") || name == "LANGUAGE" {
			continue
		}
		kept = append(kept, kv)
	}
	return kept
}

// capped is a buffer that refuses to grow past limit.
type capped struct {
	bytes.Buffer
	limit int
}

func (c *capped) Write(p []byte) (int, error) {
	if c.Len()+len(p) > c.limit {
		return 0, fmt.Errorf("output is over %d bytes", c.limit)
	}
	return c.Buffer.Write(p)
}

func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return "…" + s[len(s)-n:]
}
