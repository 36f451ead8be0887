package image

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// pick is the image that is read.
type pick struct {
	system   string   // linux
	platform string   // os/architecture; "" where nothing says it
	layers   []layer  // the bottom first
	unread   []string // other images, by name
	// platforms are the others that the same image is made for; their packages are not looked at.
	platforms []string
}

// layer is a part of an image's files.
type layer struct {
	blob    blob
	diffID  string // sha256:… of what is unpacked from it
	command string
}

// candidate is an image of a store.
type candidate struct {
	name     string // for people
	platform string // os/architecture
	config   blob
	layers   []blob
	absent   error // says what of it is not there
}

// The platform that counts where there are several.
const preferred = "linux/amd64"

// choose finds the image to be read.
func choose(s store, most bounds) (pick, error) {
	candidates, err := candidates(s, most)
	if err != nil {
		return pick{}, err
	}
	if len(candidates) == 0 {
		return pick{}, errors.New("it lists no image")
	}
	at := best(candidates)
	chosen := candidates[at]
	if chosen.absent != nil {
		return pick{}, chosen.absent
	}
	p, err := configure(s, chosen, most)
	if err != nil {
		return pick{}, err
	}
	for i, other := range candidates {
		switch {
		case i == at || other.absent == nil && other.config == chosen.config:
		case other.name == chosen.name && other.platform != chosen.platform:
			p.platforms = append(p.platforms, other.platform)
		default:
			p.unread = append(p.unread, strings.TrimSuffix(other.name+" ("+other.platform+")", " ()"))
		}
	}
	slices.Sort(p.platforms)
	slices.Sort(p.unread)
	return p, nil
}

// best is the first of the preferred platform, or the first of all, for an index is ordered. What
// is not there as a whole comes last: docker save lists all platforms and holds some.
func best(candidates []candidate) int {
	for _, fits := range []func(candidate) bool{
		func(c candidate) bool { return c.absent == nil && c.platform == preferred },
		func(c candidate) bool { return c.absent == nil },
	} {
		if at := slices.IndexFunc(candidates, fits); at >= 0 {
			return at
		}
	}
	return 0
}

// configure reads an image's configuration, which names the layers by what they unpack to.
func configure(s store, c candidate, most bounds) (pick, error) {
	text, err := c.config.document(s, most)
	if err != nil {
		return pick{}, fmt.Errorf("read the image's configuration: %w", err)
	}
	var config v1.ConfigFile
	if err := json.Unmarshal(text, &config); err != nil {
		return pick{}, fmt.Errorf("read the image's configuration: %w", err)
	}
	if len(config.RootFS.DiffIDs) != len(c.layers) {
		return pick{}, fmt.Errorf("its configuration names %d layers, its manifest %d", len(config.RootFS.DiffIDs), len(c.layers))
	}
	if len(c.layers) > most.layers {
		return pick{}, errBound("layers", most.layers)
	}
	var commands []string
	for _, h := range config.History {
		if !h.EmptyLayer {
			commands = append(commands, h.CreatedBy)
		}
	}
	p := pick{system: cmp.Or(config.OS, "linux"), platform: c.platform}
	for i, b := range c.layers {
		l := layer{blob: b, diffID: config.RootFS.DiffIDs[i].String()}
		if !digest.MatchString(l.diffID) {
			return pick{}, fmt.Errorf("the digest %q of layer %d is of no kind that can be checked", l.diffID, i)
		}
		if len(commands) == len(c.layers) { // else nobody knows which belongs to which
			l.command = commands[i]
		}
		p.layers = append(p.layers, l)
	}
	return p, nil
}

func candidates(s store, most bounds) ([]candidate, error) {
	text, err := blob{name: indexFile, size: -1}.document(s, most)
	switch {
	case err == nil:
		w := walk{store: s, most: most}
		if err := w.index(text, "", 0); err != nil {
			return nil, err
		}
		return w.found, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	text, err = blob{name: dockerFile, size: -1}.document(s, most)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoImage
	}
	if err != nil {
		return nil, err
	}
	return dockerCandidates(text, most)
}

// walk goes through the indexes of a layout.
type walk struct {
	store store
	most  bounds
	seen  int
	found []candidate
}

// depth is how many indexes may lie within each other.
const depth = 4

// index reads one. The images of an inner index are one image for several platforms, under one name.
func (w *walk) index(text []byte, name string, level int) error {
	var index v1.IndexManifest
	if err := json.Unmarshal(text, &index); err != nil {
		return fmt.Errorf("read the index: %w", err)
	}
	for _, d := range index.Manifests {
		if w.seen++; w.seen > w.most.images {
			return errBound("images", w.most.images)
		}
		if attests(d) {
			continue
		}
		own := cmp.Or(name, d.Annotations["io.containerd.image.name"], d.Annotations["org.opencontainers.image.ref.name"])
		b, err := described(d)
		if err != nil {
			return err
		}
		text, err := b.document(w.store, w.most)
		if errors.Is(err, fs.ErrNotExist) {
			w.found = append(w.found, candidate{name: cmp.Or(own, d.Digest.String()), platform: platform(d.Platform), absent: fmt.Errorf("manifest %s is not there", d.Digest)})
			continue
		}
		if err != nil {
			return fmt.Errorf("read manifest %s: %w", d.Digest, err)
		}
		if d.MediaType.IsIndex() {
			if level == depth {
				return fmt.Errorf("its indexes lie more than %d deep in each other", depth)
			}
			if err := w.index(text, cmp.Or(own, d.Digest.String()), level+1); err != nil {
				return err
			}
			continue
		}
		if err := w.image(text, d, own); err != nil {
			return fmt.Errorf("read manifest %s: %w", d.Digest, err)
		}
	}
	return nil
}

func (w *walk) image(text []byte, d v1.Descriptor, name string) error {
	var m v1.Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	if !m.Config.MediaType.IsConfig() { // a signature, a chart: something else than an image
		return nil
	}
	c := candidate{name: cmp.Or(name, d.Digest.String()), platform: platform(d.Platform)}
	var err error
	if c.config, err = described(m.Config); err != nil {
		return err
	}
	for _, l := range m.Layers {
		b, err := described(l)
		if err != nil {
			return err
		}
		if !b.present(w.store) {
			c.absent = fmt.Errorf("layer %s is not there", l.Digest)
		}
		c.layers = append(c.layers, b)
	}
	if c.platform == "" {
		var config v1.ConfigFile
		if text, err := c.config.document(w.store, w.most); err == nil && json.Unmarshal(text, &config) == nil {
			c.platform = platform(config.Platform())
		}
	}
	w.found = append(w.found, c)
	return nil
}

func platform(p *v1.Platform) string {
	if p == nil || p.OS == "" {
		return ""
	}
	return p.OS + "/" + p.Architecture
}

// attests tells whether a manifest is about an image, not one itself.
func attests(d v1.Descriptor) bool {
	return d.Platform != nil && d.Platform.OS == "unknown" && d.Platform.Architecture == "unknown" || d.Annotations["vnd.docker.reference.type"] != ""
}

// saved is an image in the words of docker save.
type saved struct {
	Config   string
	RepoTags []string
	Layers   []string
}

func parseDocker(text []byte) ([]saved, error) {
	var images []saved
	if err := json.Unmarshal(text, &images); err != nil {
		return nil, fmt.Errorf("read %s: %w", dockerFile, err)
	}
	for _, i := range images {
		if i.Config == "" {
			return nil, fmt.Errorf("read %s: an image in it has no configuration", dockerFile)
		}
	}
	return images, nil
}

// contentName is a part that is named by its digest.
var contentName = regexp.MustCompile(`^(?:blobs/sha256/)?([0-9a-f]{64})(?:\.json)?$`)

func dockerCandidates(text []byte, most bounds) ([]candidate, error) {
	images, err := parseDocker(text)
	if err != nil {
		return nil, err
	}
	if len(images) > most.images {
		return nil, errBound("images", most.images)
	}
	var found []candidate
	for _, i := range images {
		c := candidate{name: cmp.Or(strings.Join(i.RepoTags, ", "), i.Config)}
		for _, name := range append([]string{i.Config}, i.Layers...) {
			if !clean(name) {
				return nil, fmt.Errorf("%s names %q, which leads out of it", dockerFile, name)
			}
			b := blob{name: name, size: -1}
			if at := contentName.FindStringSubmatch(name); at != nil {
				b.digest = "sha256:" + at[1]
			}
			c.layers = append(c.layers, b)
		}
		c.config, c.layers = c.layers[0], c.layers[1:]
		found = append(found, c)
	}
	return found, nil
}
