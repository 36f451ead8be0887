package releasing

import (
	"archive/tar"
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// shells are programs that would run a command that somebody smuggled in.
var shells = []string{"ash", "bash", "busybox", "csh", "dash", "fish", "ksh", "mksh", "sh", "tcsh", "zsh"}

// required are the files without which an action fails where its user can't help it, and what scanners read to learn
// which versions of git and of the C library those are.
var required = []string{program, "usr/bin/git", "usr/lib/git-core/git-remote-https", "etc/ssl/certs/ca-certificates.crt", "etc/passwd", "var/lib/dpkg/status.d/git", "var/lib/dpkg/status.d/libc6"}

const program = "usr/bin/slipway"

// machines are the architectures of images, as a binary names them.
var machines = map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}

var commitID = regexp.MustCompile(`^[0-9a-f]{40}$`)

// check says all that is wrong with an image, not only what is found first.
func check(config *v1.ConfigFile, files []file, source Source) error {
	var wrong []error
	no := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if !commitID.MatchString(source.Revision) {
		no("the revision %q is no commit id; wanted: 40 hexadecimal digits", source.Revision)
	}
	if source.Created.Unix() <= 0 {
		no("the time of the commit is missing")
	}
	if user := config.Config.User; user != "" && user != "0" && user != "root" && user != "0:0" {
		no("the image runs as %q; only root can write the runner's files", user)
	}
	if start := config.Config.Entrypoint; !slices.Equal(start, []string{"/" + program}) || len(config.Config.Cmd) > 0 {
		no("the image starts %q %q; wanted: /%s and no arguments", start, config.Config.Cmd, program)
	}
	if got := config.Config.Labels["org.opencontainers.image.version"]; got != source.Version || got == "" {
		no("the image's label says version %q; wanted: %q. Build it with --build-arg VERSION=%s", got, source.Version, source.Version)
	}
	there := map[string]*file{}
	for i, one := range files {
		there[one.Name] = &files[i]
		switch {
		case slices.Contains(shells, path.Base(one.Name)) && one.Typeflag != tar.TypeDir:
			no("the image holds the shell /%s", one.Name)
		case one.Mode&0o6000 != 0:
			no("/%s is setuid or setgid", one.Name)
		case one.Typeflag != tar.TypeDir && one.Typeflag != tar.TypeReg && one.Typeflag != tar.TypeSymlink:
			no("/%s is neither file, folder nor symbolic link", one.Name)
		case one.Typeflag != tar.TypeSymlink && one.Mode&0o002 != 0 && one.Name != "tmp":
			no("everybody may write /%s", one.Name)
		}
	}
	for _, name := range required {
		if one := there[name]; one == nil || len(one.content) == 0 {
			no("the image lacks /%s", name)
		}
	}
	if one := there[program]; one != nil {
		if err := static(one.content, config.Architecture); err != nil {
			no("/%s: %w", program, err)
		}
	}
	return errors.Join(wrong...)
}

// static tells whether a binary runs without a loader, on an architecture.
func static(binary []byte, architecture string) error {
	read, err := elf.NewFile(bytes.NewReader(binary))
	if err != nil {
		return err
	}
	want, known := machines[architecture]
	if !known || read.Machine != want {
		return fmt.Errorf("it is built for %v, the image is for %s", read.Machine, architecture)
	}
	for _, part := range read.Progs {
		if part.Type == elf.PT_INTERP {
			return errors.New("it needs a loader; build it with CGO_ENABLED=0")
		}
	}
	return nil
}
