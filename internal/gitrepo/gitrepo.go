// Package gitrepo asks the git binary about a repository. It only reads. Records are separated by
// NUL, settings of the repository that could run a program are switched off for each call, and the
// workspace is trusted for each call alone, since it belongs to another user in a container.
package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
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

	absent string // file that Head is known not to hold; "" where none is
}

// Open finds the repository around dir. A repository without commits opens with an empty Head. Where
// Head does not hold the file look, that is noted on the way: most repositories have no policy, and to
// learn so takes no further call. An empty look is no file.
func Open(ctx context.Context, dir, look string) (*Repo, error) {
	// Any folder is trusted here, for the call only asks where the repository is.
	c := call{dir: dir, trusted: "*", protocols: offline, stderr: &lossy{limit: stderrLimit}}
	c.args = []string{"rev-parse", "--show-toplevel", "--is-shallow-repository", "--revs-only", "HEAD^{commit}", "HEAD^{tree}"}
	look = path.Clean(look)
	if local := filepath.IsLocal(look) && look != "."; local { // git fails altogether where a path leads out
		c.args = append(c.args, "HEAD:"+look)
	} else {
		look = ""
	}
	out, err := c.output(ctx)
	if err != nil {
		var failed *Error
		switch {
		case !errors.As(err, &failed):
		case strings.Contains(failed.Stderr, "not a git repository"):
			return nil, fmt.Errorf("%w: %s", ErrNotARepository, dir)
		case strings.Contains(failed.Stderr, "must be run in a work tree"), strings.Contains(failed.Stderr, "cannot use bare repository"):
			return nil, fmt.Errorf("%s is a bare repository, or a .git folder: there is no work tree", dir)
		}
		return nil, err
	}
	lines := strings.Split(string(out), "\n")
	if len(lines) < 3 || lines[1] != "true" && lines[1] != "false" {
		return nil, fmt.Errorf("git rev-parse in %s gave an answer that cannot be read: %q", dir, out)
	}
	r := &Repo{Root: lines[0], Shallow: lines[1] == "true", Head: lines[2]}
	// The head's folder can be read, git had nothing to complain about, and yet there is no file.
	if look != "" && len(lines) == 5 && c.stderr.Len() == 0 {
		r.absent = look
	}
	return r, nil
}

// Resolve is the full id of the commit that rev names, or ErrNoSuchRevision. A range is none.
func (r *Repo) Resolve(ctx context.Context, rev string) (string, error) {
	if rev == "HEAD" && r.Head != "" {
		return r.Head, nil
	}
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

// ResolveFirst is the full id of the commit that the first of several names has, or ErrNoSuchRevision where
// none has one. It asks git once.
func (r *Repo) ResolveFirst(ctx context.Context, revs []string) (string, error) {
	for _, rev := range revs {
		if strings.ContainsAny(rev, "\r\n\x00") {
			return "", fmt.Errorf("%w: %q", ErrNoSuchRevision, rev)
		}
	}
	asked := r.call("cat-file", "--batch-check=%(objectname) %(objecttype)")
	asked.stdin = strings.NewReader(strings.Join(revs, "^{commit}\n") + "^{commit}\n")
	out, err := asked.output(ctx)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(out)) {
		if id, kind, ok := strings.Cut(strings.TrimSpace(line), " "); ok && kind == "commit" && IsCommitID(id) {
			return id, nil
		}
	}
	return "", fmt.Errorf("%w: %s", ErrNoSuchRevision, revs[len(revs)-1])
}

// IsCommitID tells whether a text is the full id of a commit, in lower case.
func IsCommitID(id string) bool {
	return (len(id) == 40 || len(id) == 64) && strings.Trim(id, "0123456789abcdef") == ""
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
	"-c", "safe.bareRepository=explicit", // a commit can hold the files of a repository, with a configuration of its own
	"-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false", "-c", "core.commitGraph=true",
	"-c", "advice.graftFileDeprecated=false", "-c", "diff.suppressBlankEmpty=false",
	"-c", "log.showSignature=false", "-c", "log.showRoot=true", "-c", "log.follow=false", "-c", "log.mailmap=false", "-c", "i18n.logOutputEncoding=UTF-8",
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
	return r.call(args...).output(ctx)
}

// call is one command. What it prints is read while it runs.
type call struct {
	dir       string
	trusted   string // the repository that may belong to somebody else
	protocols string
	args      []string
	stdin     io.Reader // nil for none
	stderr    *lossy    // nil where nobody asks what git says beside a success
}

func (r *Repo) call(args ...string) call {
	return call{dir: r.Root, trusted: r.Root, protocols: offline, args: args}
}

// output runs a command and returns all that it prints.
func (c call) output(ctx context.Context) (out []byte, err error) {
	err = c.stream(ctx, func(r io.Reader) (err error) {
		out, err = io.ReadAll(r)
		return err
	})
	return out, err
}

// stderrLimit is the most bytes kept of what git complains about.
const stderrLimit = 64 << 10

// errEnough ends a command whose output has said what was asked for.
var errEnough = errors.New("enough was read")

// stream runs a command and hands what it prints to read. Where read fails the command is ended.
func (c call) stream(ctx context.Context, read func(io.Reader) error) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	running, stop := context.WithCancel(ctx)
	defer stop()
	args := append(append([]string{"-C", c.dir, "-c", "safe.directory=" + c.trusted}, hardening...), c.args...)
	cmd := exec.CommandContext(running, "git", args...)
	cmd.Env = append(environment(os.Environ()), "GIT_ALLOW_PROTOCOL="+c.protocols)
	alone(cmd)
	cmd.Stdin = c.stdin
	if c.stderr == nil {
		c.stderr = &lossy{limit: stderrLimit}
	}
	cmd.Stderr = c.stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		free := context.AfterFunc(running, func() { out.Close() }) // a child of git may hold the other end
		unread := read(&capped{from: out, left: outputLimit})
		if unread != nil {
			stop()
		}
		free()
		err = cmd.Wait()
		switch {
		case errors.Is(unread, errEnough) && ctx.Err() == nil:
			return nil
		case unread != nil && (err == nil || ctx.Err() == nil && running.Err() != nil && c.stderr.Len() == 0):
			err = unread // unless git says why its output ends early
		case err == nil:
			return nil
		}
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if errors.Is(err, exec.ErrNotFound) {
		err = fmt.Errorf("the git program is not installed: %w", err)
	}
	return &Error{Args: c.args, Stderr: credentials.ReplaceAllString(tail(c.stderr.String(), 2000), "://***@"), Err: err}
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

// environment is what git gets. GIT_FLUSH keeps it from writing each commit by itself, which takes a
// sixth of the time of a log.
func environment(environ []string) []string {
	kept := []string{"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "GIT_OPTIONAL_LOCKS=0", "GIT_FLUSH=0", "GIT_GRAFT_FILE=" + os.DevNull}
	for _, kv := range environ {
		if name, _, _ := strings.Cut(kv, "="); slices.Contains(passed, name) || slices.Contains(passed, strings.ToUpper(name)) {
			kept = append(kept, kv)
		}
	}
	return kept
}

// capped is a reader that refuses to go on past so many bytes.
type capped struct {
	from io.Reader
	left int
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	if c.left -= n; c.left < 0 {
		return 0, fmt.Errorf("output is over %d bytes", outputLimit)
	}
	return n, err
}

// lossy is a buffer that drops what is too much.
type lossy struct {
	bytes.Buffer
	limit int
}

func (l *lossy) Write(p []byte) (int, error) {
	l.Buffer.Write(p[:min(len(p), l.limit-l.Len())])
	return len(p), nil
}

func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return "…" + s[len(s)-n:]
}
