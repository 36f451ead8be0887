package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// parsing is how functions are called that read what others wrote.
var parsing = regexp.MustCompile(`^(Parse|Read|Decode|Unmarshal|Compile|From)`)

// decoders are what such a function may call under whatever name.
var decoders = []string{"json.Unmarshal", "json.NewDecoder", "yaml.Unmarshal", "yaml.NewDecoder", "xml.Unmarshal", "xml.NewDecoder",
	"toml.Decode", "toml.NewDecoder", "toml.Unmarshal", "csv.NewReader", "bufio.NewScanner"}

// forTests are packages that read what a test wrote.
var forTests = []string{"fakegithub", "fakeimage", "verifyit", "simulation", "archtest", "browser"}

// unfuzzed are functions that read outside text and that no fuzz target comes to, and why that is well.
var unfuzzed = map[string]string{
	"feed.Client.Read":          "takes an address, and hands on the bytes",
	"runner.Workspace.Read":     "takes a path, and hands on the bytes",
	"gitrepo.Repo.ReadFile":     "takes a path; what git answers is read by object, which is fuzzed",
	"gitrepo.Repo.walk":         "hands on lines of ids that git makes",
	"gitrepo.Repo.AllTags":      "git keeps line breaks and blanks out of the names of refs; tests of a real repository hold the rest",
	"gitrepo.Repo.PatchIDs":     "reads pairs of ids that git makes",
	"gitrepo.capped.Read":       "is an io.Reader, which counts bytes",
	"source.limitedReader.Read": "is an io.Reader, which counts bytes",
	"inventory.treeFS.ReadDir":  "takes the name of a folder",
	"image.nowhere.ReadDir":     "takes the name of a folder, and has none",
	"inventory.ReadsSBOM":       "looks at the ending of a name",
	"releasing.ReadCandidate":   "takes a tag's name, whose version is read by semver, which is fuzzed",
	"reach.findToolchain":       "asks a go command from outside of the workspace, which says where it lies",
}

// A text from outside may be anything. Whatever reads one is reached by a fuzz target of its own package:
// each exported reader, and each function that decodes.
func TestEveryParserIsFuzzed(t *testing.T) {
	excused := maps.Clone(unfuzzed)
	readersFound := 0
	for _, p := range packages(t) {
		if slices.Contains(forTests, p.name) {
			continue
		}
		reached := p.reached()
		for _, name := range slices.Sorted(maps.Keys(p.functions)) {
			if !p.functions[name].reads {
				continue
			}
			readersFound++
			full := p.name + "." + name
			_, excuse := excused[full]
			delete(excused, full)
			switch {
			case reached[by(name)] && excuse:
				t.Errorf("%s is fuzzed, and in the list of those that are not: take it out", full)
			case !reached[by(name)] && !excuse:
				t.Errorf("%s reads what others wrote, and no fuzz target of internal/%s comes to it: write one, or give a reason in unfuzzed", full, p.name)
			}
		}
	}
	for name := range excused {
		t.Errorf("%s is in the list of those that are not fuzzed, and is no reader", name)
	}
	if readersFound < 50 {
		t.Errorf("%d readers were found: the rule finds nothing any more", readersFound)
	}
}

// library is a package: its functions by name, with the receiver's type before that of a method, and what
// its types and variables mention.
type library struct {
	name      string
	functions map[string]*function
	declared  map[string][]string
}

type function struct {
	fuzz, reads bool
	names       []string // that its body and its signature mention
}

// packages are those below internal.
func packages(t *testing.T) []library {
	t.Helper()
	found := map[string]library{}
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.Contains(path, "testdata") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(filepath.Join(root, "internal"), filepath.Dir(path))
		p, known := found[rel]
		if !known {
			p = library{filepath.ToSlash(rel), map[string]*function{}, map[string][]string{}}
			found[rel] = p
		}
		for _, d := range parsed.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Body != nil {
					p.add(d, strings.HasSuffix(path, "_test.go"))
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					p.declare(s)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(maps.Values(found))
}

func (l library) add(d *ast.FuncDecl, test bool) {
	name := d.Name.Name
	f := &function{fuzz: test && strings.HasPrefix(name, "Fuzz"), reads: !test && d.Name.IsExported() && parsing.MatchString(name) && takesText(d)}
	if d.Recv != nil {
		receiver := d.Recv.List[0].Type
		if star, ok := receiver.(*ast.StarExpr); ok {
			receiver = star.X
		}
		if id, ok := receiver.(*ast.Ident); ok {
			name = id.Name + "." + name
		}
	}
	f.names = mentioned(d.Type)
	f.names = append(f.names, mentioned(d.Body)...)
	ast.Inspect(d.Body, func(n ast.Node) bool {
		if test {
			return false
		}
		if n, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := n.X.(*ast.Ident); ok && slices.Contains(decoders, x.Name+"."+n.Sel.Name) {
				f.reads = true
			}
		}
		return true
	})
	l.functions[name] = f
	if receiver, _, _ := strings.Cut(name, "."); by(name) != d.Name.Name {
		l.declared[receiver] = append(l.declared[receiver], by(name))
	}
}

// declare notes what a type or a variable mentions: a table of parsers, a field that is decoded.
func (l library) declare(s ast.Spec) {
	switch s := s.(type) {
	case *ast.TypeSpec:
		l.declared[s.Name.Name] = append(l.declared[s.Name.Name], mentioned(s.Type)...)
	case *ast.ValueSpec:
		for _, name := range s.Names {
			for _, v := range s.Values {
				l.declared[name.Name] = append(l.declared[name.Name], mentioned(v)...)
			}
		}
	}
}

// mentioned are the names in a piece of code.
func mentioned(n ast.Node) (names []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		if n, ok := n.(*ast.Ident); ok {
			names = append(names, n.Name)
		}
		return true
	})
	return names
}

// takesText tells whether one is given a text, or something that one is read from or decoded to.
func takesText(d *ast.FuncDecl) bool {
	return slices.ContainsFunc(d.Type.Params.List, func(p *ast.Field) bool {
		switch kind := p.Type.(type) {
		case *ast.Ident:
			return kind.Name == "string"
		case *ast.ArrayType:
			id, ok := kind.Elt.(*ast.Ident)
			return ok && (id.Name == "byte" || id.Name == "string")
		case *ast.SelectorExpr:
			return kind.Sel.Name == "Reader" || kind.Sel.Name == "Node"
		}
		return false
	})
}

// reached are the names that the fuzz targets mention, and what is declared by those names mentions in turn.
// A method's name is taken for all methods of that name.
func (l library) reached() map[string]bool {
	byName := maps.Clone(l.declared)
	var next []string
	for name, f := range l.functions {
		byName[by(name)] = append(slices.Clone(byName[by(name)]), f.names...)
		if f.fuzz {
			next = append(next, f.names...)
		}
	}
	reached := map[string]bool{}
	for len(next) > 0 {
		name := next[len(next)-1]
		next = next[:len(next)-1]
		if !reached[name] {
			reached[name] = true
			next = append(next, byName[name]...)
		}
	}
	return reached
}

// by is the name by which a function is reached.
func by(name string) string {
	receiver, bare, method := strings.Cut(name, ".")
	switch {
	case !method:
		return name
	case bare == "UnmarshalJSON" || bare == "UnmarshalYAML": // called by a library, wherever the type is decoded
		return bare + " of " + receiver
	}
	return bare
}
