// Package reach finds out how far a Go vulnerability reaches into a module: whether vulnerable code is
// called, its package only imported, or its module only required. govulncheck judges, in a process of its
// own that this package starts and bounds; it reads files of the tree, and writes to a temporary folder.
//
// # What comes of the tree
//
// The tree is hostile, and reading Go packages means to run the go command on it: go env and go list,
// which starts its own compile, asm and link to ask for their versions, and nothing else: with cgo off it
// runs neither cgo nor swig nor a C compiler, and go:generate and tests are not its business. What could make it start
// more comes of the environment (GOFLAGS=-toolexec, GOPACKAGESDRIVER, GOAUTH, CC, a go of the toolchain
// line, git for versions). It is made anew here: cgo, toolchain switching, network, version control and
// drivers are off, the settings of go env -w are not read, and PATH has the toolchain's folder and no other.
// No token is in it. The build cache is an empty one, and neither the toolchain nor the module cache may lie in
// the workspace. Modules that lead out of the workspace, by a replace, a use or a symbolic link, are not analysed.
//
// # What is not seen
//
// A level below Called holds for what govulncheck sees. Calls by reflection, by assembly or go:linkname, and those of
// an exported generic function that nothing in the module instantiates are not seen. Tests are not
// looked at: what only they use is not called. Files for other platforms are, those with cgo or
// with build tags of their own are not, and where there are such nothing is told but what is called. Of
// the modules that it uses, only the files for those same platforms count.
package reach

import (
	"errors"
	"time"
)

// Level is how far a vulnerability reaches. What is not told has none.
type Level int

// The levels, lowest first.
const (
	Required Level = iota + 1 // no vulnerable package is part of a build
	Imported                  // one is, but vulnerable code is not called
	Called
)

func (l Level) String() string { return []string{"not told", "required", "imported", "called"}[l] }

// Result is what is known of each advisory: a level, or why there is none. What is not told must be
// taken for called.
type Result struct {
	Levels    map[string]Level
	Untold    map[string]string   // why there is no level
	Traces    map[string][]string // for Called: "example.com/app.main main.go:7", from the entry to the vulnerable function
	Toolchain string              // go1.26.8
	Platforms []string            // linux/amd64 …, that builds were looked at for
}

// Why nothing is told at all.
var (
	ErrNoToolchain = errors.New("there is no Go toolchain")
	ErrNoGoFiles   = errors.New("the module has no Go files")
)

// NotLoaded says that there is a module, but what it holds could not be analysed.
type NotLoaded struct{ Reason string }

func (e *NotLoaded) Error() string { return "the module cannot be analysed: " + e.Reason }

// Limits of one analysis.
const (
	timeout     = 2 * time.Minute
	memoryLimit = 8 << 30   // bytes of data of a process
	outputLimit = 256 << 20 // bytes that govulncheck prints for one platform
	fileLimit   = 500_000   // entries of the tree
	modLimit    = 4 << 20   // bytes of a go.mod or go.work
	traceLimit  = 8         // frames that are kept of a call chain
	reasonLimit = 400       // bytes of a reason
)
