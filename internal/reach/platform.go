package reach

import (
	"context"
	"go/build"
	"io"
	"io/fs"
	"path"
	"strings"
)

// platform is what a build is for.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "/" + p.arch }

// usual are the platforms that are looked at where files of the module are for them alone.
var usual = []platform{{"linux", "amd64"}, {"linux", "arm64"}, {"windows", "amd64"}, {"darwin", "arm64"}}

// platforms are those which together take all files of the module into account: the machine's own, and
// others where it leaves out files. Unseen are the files that none of them takes.
func (t *tree) platforms(ctx context.Context, own platform) (chosen []platform, unseen []string, err error) {
	chosen = []platform{own}
	unseen, err = t.leftOut(ctx, t.folders, own)
	for _, p := range usual {
		if len(unseen) == 0 || err != nil {
			break
		}
		if p == own {
			continue
		}
		var still []string
		var left []string
		if left, err = t.leftOut(ctx, foldersOf(unseen), p); err != nil {
			break
		}
		without := map[string]bool{}
		for _, name := range left {
			without[name] = true
		}
		for _, name := range unseen {
			if without[name] {
				still = append(still, name)
			}
		}
		if len(still) < len(unseen) {
			chosen, unseen = append(chosen, p), still
		}
	}
	return chosen, unseen, err
}

func foldersOf(files []string) (folders []string) {
	for _, name := range files {
		if folder := path.Dir(name); len(folders) == 0 || folders[len(folders)-1] != folder {
			folders = append(folders, folder)
		}
	}
	return folders
}

// leftOut are the Go files of folders that a build for a platform does not take. Tests are none, nor
// are programs that go run takes by name and files that only hold on to tools, which by custom have these tags.
func (t *tree) leftOut(ctx context.Context, folders []string, p platform) (files []string, err error) {
	for _, folder := range folders {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		plain, aside := t.ignored(folder, p), t.ignored(folder, p, "ignore", "tools")
		for _, name := range plain {
			for _, other := range aside {
				if name == other {
					files = append(files, path.Join(folder, name))
				}
			}
		}
	}
	return files, nil
}

// ignored are the Go files of one folder that a build with some tags does not take, tests left aside.
func (t *tree) ignored(folder string, p platform, tags ...string) (files []string) {
	c := build.Default
	c.GOOS, c.GOARCH, c.CgoEnabled, c.BuildTags, c.Compiler = p.os, p.arch, false, tags, "gc"
	local := func(name string) string { return path.Join(".", strings.TrimPrefix(name, "/")) }
	c.JoinPath = path.Join
	c.IsAbsPath = path.IsAbs
	c.SplitPathList = func(string) []string { return nil }
	c.HasSubdir = func(string, string) (string, bool) { return "", false }
	c.IsDir = func(name string) bool {
		info, err := t.root.Stat(local(name))
		return err == nil && info.IsDir()
	}
	c.ReadDir = func(name string) ([]fs.FileInfo, error) {
		entries, err := fs.ReadDir(t.root.FS(), local(name))
		var infos []fs.FileInfo
		for _, e := range entries {
			if info, err := t.root.Stat(path.Join(local(name), e.Name())); err == nil && info.Mode().IsRegular() && strings.HasSuffix(e.Name(), ".go") {
				infos = append(infos, named{info, e.Name()})
			}
		}
		return infos, err
	}
	c.OpenFile = func(name string) (io.ReadCloser, error) { return t.root.Open(local(name)) }
	// What is wrong with a package, go list says as well; the list of files is whole all the same.
	found, _ := c.ImportDir("/"+folder, 0)
	for _, name := range found.IgnoredGoFiles {
		if !strings.HasSuffix(name, "_test.go") && name[0] != '_' && name[0] != '.' {
			files = append(files, name)
		}
	}
	return files
}

// named is a file's information under the name of a link to it.
type named struct {
	fs.FileInfo
	name string
}

func (n named) Name() string { return n.name }
