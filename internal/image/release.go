package image

import (
	"fmt"
	"io"
	"strings"
)

// distribution is the operating system of an image.
type distribution struct {
	name      string // for people: "Debian GNU/Linux 12 (bookworm)"; "" where the image does not tell
	ecosystem string // as OSV names it, with the release; "" where OSV knows none
	sources   bool   // its advisories name source packages
	binaries  bool   // its advisories name the packages that are installed
}

// release finds out the distribution (https://www.freedesktop.org/software/systemd/man/latest/os-release.html).
func (f *files) release() (distribution, error) {
	for _, name := range []string{"etc/os-release", "usr/lib/os-release"} {
		n, err := f.top.find(name, true, nil)
		if err != nil {
			continue
		}
		if n.content == nil { // it is there, so the next one does not count
			return distribution{}, nil
		}
		text, err := io.ReadAll(io.LimitReader(f.content(n.content), 1<<20))
		if err != nil {
			return distribution{}, err
		}
		return distributionOf(fields(string(text))), nil
	}
	return distribution{}, nil
}

// fields reads lines of NAME=value, where the value may be quoted.
func fields(text string) map[string]string {
	found := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
			value = value[1 : n-1]
		}
		found[name] = value
	}
	return found
}

// distributionOf names the ecosystem in OSV's words (https://ossf.github.io/osv-schema/#defined-ecosystems).
// A release that has none of its own there, such as Debian's next one, leaves the ecosystem without one.
func distributionOf(release map[string]string) distribution {
	id, version := strings.ToLower(release["ID"]), release["VERSION_ID"]
	major, rest, _ := strings.Cut(version, ".")
	d := distribution{name: release["PRETTY_NAME"], sources: true}
	if d.name == "" {
		d.name = strings.TrimSpace(id + " " + version)
	}
	of := func(base, release string) {
		d.ecosystem = strings.TrimSuffix(base+":"+release, ":")
	}
	switch id {
	case "debian":
		of("Debian", major)
	case "ubuntu":
		of("Ubuntu", version)
	case "alpine":
		minor, _, _ := strings.Cut(rest, ".")
		if strings.ContainsAny(version, "_-") || minor == "" { // edge has a pre-release of the next one
			of("Alpine", "")
		} else {
			of("Alpine", "v"+major+"."+minor)
		}
	case "wolfi":
		of("Wolfi", "")
	case "chainguard":
		of("Chainguard", "")
	case "minimos":
		of("MinimOS", "")
	case "alpaquita":
		of("Alpaquita", version)
	case "bellsoft-hardened-containers":
		of("BellSoft Hardened Containers", version)
	case "rhel":
		// CPE_NAME="cpe:/o:redhat:enterprise_linux:9::baseos"
		_, product, _ := strings.Cut(release["CPE_NAME"], ":redhat:")
		of("Red Hat", product)
		d.sources, d.binaries = false, true
	case "almalinux":
		of("AlmaLinux", major)
		d.sources, d.binaries = false, true
	case "rocky":
		of("Rocky Linux", major)
		d.binaries = true
	case "sles", "sle_hpc", "sles_sap", "suse-linux-enterprise-server":
		of("SUSE", servicePack("Linux Enterprise Server", major, rest))
		d.binaries = true
	case "opensuse-leap":
		of("openSUSE", "Leap "+version)
		d.binaries = true
	case "opensuse-tumbleweed":
		of("openSUSE", "Tumbleweed")
		d.binaries = true
	case "openeuler":
		of("openEuler", openEuler(release["VERSION"]))
		d.binaries = true
	case "mageia":
		of("Mageia", major)
		d.binaries = true
	case "azurelinux", "mariner":
		of("Azure Linux", major)
		d.binaries = true
	}
	return d
}

func servicePack(product, major, pack string) string {
	if pack == "" || pack == "0" {
		return product + " " + major
	}
	return fmt.Sprintf("%s %s SP%s", product, major, pack)
}

// openEuler turns 22.03 (LTS-SP3) into 22.03-LTS-SP3.
func openEuler(version string) string {
	return strings.Join(strings.FieldsFunc(version, func(r rune) bool { return r == ' ' || r == '(' || r == ')' }), "-")
}
