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
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// What callers branch on.
var (
	ErrNotARepository = errors.New("not a git repository")
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
	Root string // absolute top of the work tree, in which all calls run
	Head string // full commit id, "" before the first commit
	// Shallow tells that history was cut off when cloning.
	Shallow bool
}

// Open finds the repository around dir. A repository without commits opens with an empty Head.
func Open(ctx context.Context, dir string) (*Repo, error) {
	// Any folder is trusted here, for the call only asks where the repository is.
	out, err := git(ctx, dir, "*", offline, "rev-parse", "--show-toplevel", "--is-shallow-repository", "--revs-only", "HEAD^{commit}")
	if err != nil {
		var failed *Error
		switch {
		case !errors.As(err, &failed):
		case strings.Contains(failed.Stderr, "not a git repository"):
			return nil, fmt.Errorf("%w: %s", ErrNotARepository, dir)
		case strings.Contains(failed.Stderr, "must be run in a work tree"):
			return nil, fmt.Errorf("%s is a bare repository, or a .git folder: there is no work tree", dir)
		}
		return nil, err
	}
	lines := strings.Split(string(out), "\n")
	if len(lines) < 3 || lines[1] != "true" && lines[1] != "false" {
		return nil, fmt.Errorf("git rev-parse in %s gave an answer that cannot be read: %q", dir, out)
	}
	return &Repo{Root: lines[0], Shallow: lines[1] == "true", Head: lines[2]}, nil
}

// Resolve is the full id of the commit that rev names, or ErrNoSuchRevision. A range is none.
func (r *Repo) Resolve(ctx context.Context, rev string) (string, error) {
	out, err := r.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	id := strings.TrimSpace(string(out))
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit), err == nil && !IsCommitID(id):
		return "", fmt.Errorf("%w: %s", ErrNoSuchRevision, rev)
	case err != nil:
		return "", err
	}
	return id, nil
}

// IsCommitID tells whether a text is the full id of a commit, in lower case.
func IsCommitID(id string) bool { return commitID.MatchString(id) }

var commitID = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

// ReadFile reads a file as it is at rev; fs.ErrNotExist where it is not there, and where its
// place holds a folder or a symbolic link. Name is relative to the top of the work tree.
func (r *Repo) ReadFile(ctx context.Context, rev, name string, limit int64) ([]byte, error) {
	name = path.Clean(name)
	entry, err := r.git(ctx, "ls-tree", "-z", "-l", "--full-tree", "--end-of-options", rev, name)
	if err != nil {
		return nil, err
	}
	about, found, _ := strings.Cut(strings.TrimSuffix(string(entry), "\x00"), "\t")
	fields := strings.Fields(about)
	if len(fields) != 4 || !strings.HasPrefix(fields[0], "100") || found != name {
		return nil, fmt.Errorf("%s at %s: %w", name, rev, fs.ErrNotExist)
	}
	var size int64
	if _, err := fmt.Sscan(fields[3], &size); err != nil {
		return nil, fmt.Errorf("size of %s at %s: %w", name, rev, err)
	}
	if size > limit {
		return nil, fmt.Errorf("%s at %s has %d bytes; the limit is %d", name, rev, size, limit)
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
	return credentials.ReplaceAllString(strings.TrimSpace(string(out)), "://")
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

// hardening is put before every command. Settings come from the repository's own configuration,
// which a build step may have written: none of them may start a program or change an answer.
var hardening = []string{
	"--no-replace-objects", "--no-pager", "--literal-pathspecs",
	"-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false", "-c", "core.commitGraph=true",
	"-c", "log.showSignature=false", "-c", "log.follow=false", "-c", "log.mailmap=false", "-c", "i18n.logOutputEncoding=UTF-8",
	"-c", "credential.helper=", "-c", "core.sshCommand=ssh -oBatchMode=yes",
}

// Protocols that a call may speak. Only a partial clone makes a call that asks no remote fetch
// what it misses; over HTTP alone, for any other way may start a program that the configuration names.
const (
	offline = "https:http"
	online  = "https:http:ssh:file"
)

// git runs one command at the top of the repository and returns its output.
func (r *Repo) git(ctx context.Context, args ...string) ([]byte, error) {
	return git(ctx, r.Root, r.Root, offline, args...)
}

// git runs one command in dir. Trusted is the repository that may belong to somebody else.
func git(ctx context.Context, dir, trusted, protocols string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	all := append(append([]string{"-C", dir, "-c", "safe.directory=" + trusted}, hardening...), args...)
	cmd := exec.CommandContext(ctx, "git", all...)
	cmd.Env = append(environment(os.Environ()), "GIT_ALLOW_PROTOCOL="+protocols)
	cmd.WaitDelay = 2 * time.Second
	out, stderr := capped{limit: outputLimit}, capped{limit: 64 << 10, lossy: true}
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		if errors.Is(err, exec.ErrNotFound) {
			err = fmt.Errorf("the git program is not installed: %w", err)
		}
		return nil, &Error{Args: args, Stderr: credentials.ReplaceAllString(tail(stderr.String(), 2000), "://***@"), Err: err}
	}
	return out.Bytes(), nil
}

// credentials are what may stand before the host of an address.
var credentials = regexp.MustCompile(`://[^/\s]+@`)

// passed are the variables of our own environment that git gets: what finds git and the way to a
// remote. No other is, for among them are tokens, and some lead git to another repository.
var passed = []string{
	"PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR",
	"GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
	"GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_GLOBAL",
}

func environment(environ []string) []string {
	kept := []string{"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "GIT_OPTIONAL_LOCKS=0", "GIT_GRAFT_FILE=" + os.DevNull}
	for _, kv := range environ {
		if name, _, _ := strings.Cut(kv, "="); slices.Contains(passed, name) || slices.Contains(passed, strings.ToUpper(name)) {
			kept = append(kept, kv)
		}
	}
	return kept
}

// capped is a buffer that refuses to grow past limit; a lossy one drops what is too much.
type capped struct {
	bytes.Buffer
	limit int
	lossy bool
}

func (c *capped) Write(p []byte) (int, error) {
	switch room := c.limit - c.Len(); {
	case len(p) <= room:
		c.Buffer.Write(p)
	case !c.lossy:
		return 0, fmt.Errorf("output is over %d bytes", c.limit)
	default:
		c.Buffer.Write(p[:room])
	}
	return len(p), nil
}

func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return "…" + s[len(s)-n:]
}
