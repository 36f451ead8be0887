package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/action"
)

// contract names what users rely on. It only grows.
var contract = map[string]struct{ inputs, outputs string }{
	"version-bump": {
		"tag-prefix bump channel initial-version paths component strict version-files push-tag floating-tags dispatch",
		"version tag previous-version previous-tag bump changed major minor patch prerelease release-type commits matrix",
	},
	"changelog": {
		"version tag-prefix from to file full audience template paths release land",
		"notes notes-file changed breaking entries release-url commit pull-request",
	},
	"security-gate": {
		"path database cache fail-on unknown-severity fixable-only base sarif secrets min-coverage sarif-file sbom-file state-file comment",
		"critical high medium low unknown-severity total new fixable accepted coverage sarif-file sbom-file",
	},
	"go-no-go": {
		"environment sha evidence change-type wait now check ticket image-digest signing-key",
		"decision reasons earliest risk risk-score ticket-url ticket-file check-url record-file svr-file",
	},
	"deploy-verify": {
		"url expected-version version-path timeout consecutive interval soak state-file image-digest ticket deployment-id incident",
		"decision reason rollback-to next-check state-file incident-file incident-url severity",
	},
}

// common are the inputs and outputs that every action has.
const (
	commonInputs  = "github-token policy policy-ref working-directory report-only"
	commonOutputs = "verdict result result-file"
)

// packages of actions, by name.
func packageOf(name string) string { return strings.ReplaceAll(name, "-", "") }

func spec(t *testing.T, name string) action.Spec {
	t.Helper()
	s, err := action.ParseSpec([]byte(read(t, actionFile(name))))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func actionFile(name string) string {
	if name == "preflight" {
		return "action.yml"
	}
	return "actions/" + name + "/action.yml"
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func inputNames(s action.Spec) []string {
	var names []string
	for _, in := range s.Inputs {
		names = append(names, in.Name)
	}
	return names
}

func outputNames(s action.Spec) []string {
	var names []string
	for _, out := range s.Outputs {
		names = append(names, out.Name)
	}
	return names
}

// Every name of the contract is in its action.yml, and every name there is described.
func TestActionFilesHoldTheContract(t *testing.T) {
	for name, c := range contract {
		s := spec(t, name)
		for _, want := range strings.Fields(c.inputs + " " + commonInputs) {
			if _, ok := s.Input(want); !ok {
				t.Errorf("%s: the input %s is missing", actionFile(name), want)
			}
		}
		for _, want := range strings.Fields(c.outputs + " " + commonOutputs) {
			if !slices.Contains(outputNames(s), want) {
				t.Errorf("%s: the output %s is missing", actionFile(name), want)
			}
		}
	}
}

func TestActionFilesAreComplete(t *testing.T) {
	for _, name := range append(slices.Sorted(maps.Keys(contract)), "preflight") {
		s := spec(t, name)
		if s.Name == "" || s.Description == "" {
			t.Errorf("%s has no name or description", actionFile(name))
		}
		// The runner knows no context outside of a default, and refuses the whole file for an expression in a description.
		for line := range strings.Lines(read(t, actionFile(name))) {
			if strings.Contains(line, "${{") && !strings.HasPrefix(strings.TrimSpace(line), "default:") {
				t.Errorf("%s: an expression where the runner allows none: %s", actionFile(name), line)
			}
		}
		for _, in := range s.Inputs {
			if in.Description == "" {
				t.Errorf("%s: the input %s is not described", actionFile(name), in.Name)
			}
		}
		for _, out := range s.Outputs {
			if out.Description == "" {
				t.Errorf("%s: the output %s is not described", actionFile(name), out.Name)
			}
		}
		image := "image: ../../Dockerfile"
		if name == "preflight" {
			image = "image: Dockerfile"
		}
		for _, want := range []string{"using: docker", image, "args: [" + name + "]"} {
			if !strings.Contains(read(t, actionFile(name)), want) {
				t.Errorf("%s lacks %q", actionFile(name), want)
			}
		}
	}
}

// GitHub evaluates expressions wherever they stand in action.yml, descriptions included, and refuses to load an
// action with one in a place that allows none. Inputs' defaults allow the context github.
func TestExpressionsStandWhereGitHubAllowsThem(t *testing.T) {
	allowed := regexp.MustCompile(`^    default: '?\$\{\{ github\.[a-z_]+ \}\}'?$`)
	for _, name := range append(slices.Sorted(maps.Keys(contract)), "preflight") {
		for i, line := range strings.Split(read(t, actionFile(name)), "\n") {
			if strings.Contains(line, "${{") && !allowed.MatchString(line) {
				t.Errorf("%s:%d: an expression that GitHub would not load: %s", actionFile(name), i+1, strings.TrimSpace(line))
			}
		}
	}
}

// What an action reads is what its action.yml offers: no input without effect, none undocumented.
func TestInputsReadAreInputsDocumented(t *testing.T) {
	frame := inputsRead(t, "cmd/slipway")
	if diff := cmp.Diff(slices.Sorted(slices.Values(strings.Fields(commonInputs))), frame); diff != "" {
		t.Errorf("inputs that the frame reads (-want +got):\n%s", diff)
	}
	for _, name := range slices.Sorted(maps.Keys(contract)) {
		offered := inputNames(spec(t, name))
		slices.Sort(offered)
		used := slices.Sorted(slices.Values(append(inputsRead(t, "internal/"+packageOf(name)), frame...)))
		if diff := cmp.Diff(offered, slices.Compact(used)); diff != "" {
			t.Errorf("%s: inputs offered and inputs read differ (-offered +read):\n%s", name, diff)
		}
	}
}

// readers are the methods of action.Inputs that read one.
var readers = []string{"Text", "OrDefault", "Paths", "Lines", "Bool", "OneOf", "Int", "Duration", "Time"}

// inputsRead finds in.Text("name") and its like in the sources of a folder.
func inputsRead(t *testing.T, dir string) []string {
	t.Helper()
	found := map[string]bool{}
	paths, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no sources in %s: %v", dir, err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if name, ok := inputRead(n); ok {
				found[name] = true
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(found))
}

func inputRead(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", false
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(readers, method.Sel.Name) {
		return "", false
	}
	if receiver, ok := method.X.(*ast.Ident); !ok || receiver.Name != "in" {
		return "", false
	}
	literal, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	name, err := strconv.Unquote(literal.Value)
	return name, err == nil
}
