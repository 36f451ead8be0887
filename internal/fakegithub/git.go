package fakegithub

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// git runs git in the bare repository, and returns what it prints without the last line's end; ok is false where
// it failed.
func (h *Hub) git(stdin string, env []string, args ...string) (out string, ok bool) {
	all, ok := h.gitBytes(stdin, env, args...)
	return strings.TrimSuffix(string(all), "\n"), ok
}

// gitBytes is git, with every byte that it prints: a file's content may end as it likes.
func (h *Hub) gitBytes(stdin string, env []string, args ...string) (out []byte, ok bool) {
	cmd := exec.Command("git", append([]string{"--git-dir", h.Dir}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=github-actions[bot]", "GIT_AUTHOR_EMAIL=bot@example.com",
		"GIT_COMMITTER_NAME=github-actions[bot]", "GIT_COMMITTER_EMAIL=bot@example.com",
		"GIT_AUTHOR_DATE="+h.Now().Format("2006-01-02T15:04:05Z"), "GIT_COMMITTER_DATE="+h.Now().Format("2006-01-02T15:04:05Z"))
	cmd.Env = append(cmd.Env, env...)
	cmd.Stdin = strings.NewReader(stdin)
	var buf bytes.Buffer
	cmd.Stdout = &buf
	err := cmd.Run()
	return buf.Bytes(), err == nil
}

func (h *Hub) kind(id string) string {
	kind, _ := h.git("", nil, "cat-file", "-t", id)
	return kind
}

var hex = regexp.MustCompile(`^[0-9a-f]{40}$`)

func (h *Hub) refAnswer(name, id string) object {
	return object{"ref": name, "object": object{"sha": id, "type": h.kind(id)}}
}

func (h *Hub) ref(name string) (id string, ok bool) {
	return h.git("", nil, "rev-parse", "--verify", "--quiet", name)
}

func (h *Hub) getRef(r *http.Request) answer {
	arg := r.PathValue("ref")
	id, ok := h.ref("refs/" + arg)
	if !ok {
		return notFound
	}
	return answer{status: http.StatusOK, body: h.refAnswer("refs/"+arg, id)}
}

func (h *Hub) matchingRefs(r *http.Request) answer {
	arg := r.PathValue("ref")
	out, _ := h.git("", nil, "for-each-ref", "--format=%(refname) %(objectname)")
	found := []any{}
	for line := range strings.Lines(out) {
		if name, id, ok := strings.Cut(strings.TrimSpace(line), " "); ok && strings.HasPrefix(name, "refs/"+arg) {
			found = append(found, h.refAnswer(name, id))
		}
	}
	return answer{status: http.StatusOK, body: found}
}

func (h *Hub) createRef(r *http.Request) answer {
	var in struct{ Ref, SHA string }
	if !read(r, &in) || !strings.HasPrefix(in.Ref, "refs/") || strings.Count(in.Ref, "/") < 2 {
		return refuse(http.StatusUnprocessableEntity, "%s is not a valid ref name.", in.Ref)
	}
	if _, ok := h.ref(in.Ref); ok {
		return refuse(http.StatusUnprocessableEntity, "Reference already exists")
	}
	if h.protected(in.Ref) {
		return refuse(http.StatusUnprocessableEntity, "Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n")
	}
	if !hex.MatchString(in.SHA) || h.kind(in.SHA) == "" {
		return refuse(http.StatusUnprocessableEntity, "Object does not exist")
	}
	if _, ok := h.git("", nil, "update-ref", in.Ref, in.SHA, strings.Repeat("0", 40)); !ok {
		return refuse(http.StatusUnprocessableEntity, "Reference cannot be created")
	}
	return answer{status: http.StatusCreated, body: h.refAnswer(in.Ref, in.SHA)}
}

func (h *Hub) updateRef(r *http.Request) answer {
	arg := r.PathValue("ref")
	var in struct {
		SHA   string
		Force bool
	}
	name := "refs/" + arg
	old, ok := h.ref(name)
	switch {
	case !read(r, &in):
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	case !ok:
		return refuse(http.StatusUnprocessableEntity, "Reference does not exist")
	case h.protected(name):
		return refuse(http.StatusUnprocessableEntity, "Repository rule violations found\n\nChanges must be made through a pull request.\n\n")
	case h.Released[strings.TrimPrefix(arg, "tags/")]:
		return refuse(http.StatusUnprocessableEntity, "Cannot update this protected ref: it belongs to an immutable release.")
	case h.kind(in.SHA) == "":
		return refuse(http.StatusUnprocessableEntity, "Object does not exist")
	}
	if _, ancestor := h.git("", nil, "merge-base", "--is-ancestor", old, in.SHA); !in.Force && !ancestor {
		return refuse(http.StatusUnprocessableEntity, "Update is not a fast forward")
	}
	h.git("", nil, "update-ref", name, in.SHA)
	return answer{status: http.StatusOK, body: h.refAnswer(name, in.SHA)}
}

func (h *Hub) tagObject(r *http.Request) answer { return h.tag(r.PathValue("tag_sha")) }

func (h *Hub) tag(id string) answer {
	if h.kind(id) != "tag" {
		return notFound
	}
	text, _ := h.git("", nil, "cat-file", "tag", id)
	head, message, _ := strings.Cut(text, "\n\n")
	field := fields(head)
	name, date := signature(field["tagger"])
	return answer{status: http.StatusOK, body: object{
		"sha": id, "tag": field["tag"], "message": message,
		"tagger": object{"name": name, "email": "x@example.com", "date": date},
		"object": object{"sha": field["object"], "type": field["type"]},
	}}
}

func (h *Hub) createTag(r *http.Request) answer {
	var in struct{ Tag, Message, Object, Type string }
	if !read(r, &in) || in.Tag == "" || in.Message == "" || in.Type == "" {
		return refuse(http.StatusUnprocessableEntity, "Validation Failed")
	}
	if h.kind(in.Object) != in.Type {
		return refuse(http.StatusUnprocessableEntity, "Object does not exist")
	}
	date := h.Now().Unix()
	text := "object " + in.Object + "\ntype " + in.Type + "\ntag " + in.Tag + "\ntagger github-actions[bot] <bot@example.com> " + itoa(date) + " +0000\n\n" + in.Message
	id, ok := h.git(text, nil, "hash-object", "-t", "tag", "-w", "--stdin")
	if !ok {
		return refuse(http.StatusUnprocessableEntity, "Validation Failed")
	}
	a := h.tag(id)
	a.status = http.StatusCreated
	return a
}

func (h *Hub) gitCommit(r *http.Request) answer { return h.commit(r.PathValue("commit_sha")) }

func (h *Hub) commit(id string) answer {
	if !hex.MatchString(id) || h.kind(id) != "commit" {
		return notFound
	}
	text, _ := h.git("", nil, "cat-file", "commit", id)
	head, message, _ := strings.Cut(text, "\n\n")
	field := fields(head)
	name, date := signature(field["author"])
	parents := []any{}
	for line := range strings.Lines(head) {
		if p, ok := strings.CutPrefix(strings.TrimSpace(line), "parent "); ok {
			parents = append(parents, object{"sha": p})
		}
	}
	return answer{status: http.StatusOK, body: object{
		"sha": id, "message": message, "tree": object{"sha": field["tree"]}, "parents": parents,
		"author": object{"name": name, "date": date}, "html_url": "https://github.com/" + h.Repository + "/commit/" + id,
	}}
}

func (h *Hub) createCommit(r *http.Request) answer {
	var in struct {
		Message, Tree string
		Parents       []string
	}
	if !read(r, &in) || in.Message == "" || h.kind(in.Tree) != "tree" {
		return refuse(http.StatusUnprocessableEntity, "Tree SHA does not exist")
	}
	args := []string{"commit-tree", in.Tree}
	for _, p := range in.Parents {
		args = append(args, "-p", p)
	}
	id, ok := h.git(in.Message, nil, args...)
	if !ok {
		return refuse(http.StatusUnprocessableEntity, "Parent SHA does not exist or is not a commit object")
	}
	a := h.commit(id)
	a.status = http.StatusCreated
	return a
}

func (h *Hub) createBlob(r *http.Request) answer {
	var in struct{ Content, Encoding string }
	if !read(r, &in) {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	if in.Encoding == "base64" {
		data, err := base64.StdEncoding.DecodeString(in.Content)
		if err != nil {
			return refuse(http.StatusUnprocessableEntity, "content is not valid Base64")
		}
		in.Content = string(data)
	}
	id, _ := h.git(in.Content, nil, "hash-object", "-w", "--stdin")
	return answer{status: http.StatusCreated, body: object{"sha": id}}
}

func (h *Hub) createTree(r *http.Request) answer {
	var in struct {
		Base string `json:"base_tree"`
		Tree []struct{ Path, Mode, Type, SHA string }
	}
	if !read(r, &in) {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	index, err := os.CreateTemp("", "index")
	if err != nil {
		return refuse(http.StatusInternalServerError, "%v", err)
	}
	index.Close()
	os.Remove(index.Name())
	defer os.Remove(index.Name())
	env := []string{"GIT_INDEX_FILE=" + index.Name()}
	if _, ok := h.git("", env, "read-tree", in.Base); !ok {
		return refuse(http.StatusNotFound, "base_tree does not exist")
	}
	for _, e := range in.Tree {
		if h.kind(e.SHA) != "blob" {
			return refuse(http.StatusUnprocessableEntity, "tree.sha %s is not a valid blob", e.SHA)
		}
		if _, ok := h.git("", env, "update-index", "--add", "--cacheinfo", e.Mode+","+e.SHA+","+e.Path); !ok {
			return refuse(http.StatusUnprocessableEntity, "tree.path contains a malformed path component")
		}
	}
	id, _ := h.git("", env, "write-tree")
	return answer{status: http.StatusCreated, body: object{"sha": id, "truncated": false}}
}
