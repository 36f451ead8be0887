package fakegithub

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

// contents reads a file or lists a folder, of what was seeded and of the git repository.
func (h *Hub) contents(r *http.Request) answer {
	name, ref := strings.Trim(r.PathValue("path"), "/"), r.URL.Query().Get("ref")
	k := h.at(r)
	for _, key := range []string{ref + ":" + name, name} {
		if text, ok := k.Files[key]; ok {
			return answer{status: http.StatusOK, body: fileOf(name, []byte(text))}
		}
	}
	if h.own(r) {
		at := h.resolve(r, orPreset(r, "ref", "HEAD"))
		switch kind, _ := h.git("", nil, "cat-file", "-t", at+":"+name); kind {
		case "blob":
			text, _ := h.gitBytes("", nil, "cat-file", "blob", at+":"+name)
			return answer{status: http.StatusOK, body: fileOf(name, text)}
		case "tree":
			names, _ := h.git("", nil, "ls-tree", "--name-only", at+":"+name)
			return answer{status: http.StatusOK, body: folder(name, strings.Fields(names))}
		}
		return notFound
	}
	var inside []string
	for file := range k.Files {
		_, file, cut := strings.Cut(file, ":")
		if !cut {
			continue
		}
		inside = append(inside, file)
	}
	for file := range k.Files {
		if rest, ok := strings.CutPrefix(file, name); ok && !strings.Contains(file, ":") {
			inside = append(inside, strings.Split(strings.Trim(rest, "/"), "/")[0])
		}
	}
	if name != "" && len(inside) == 0 {
		return notFound
	}
	slices.Sort(inside)
	return answer{status: http.StatusOK, body: folder(name, slices.Compact(inside))}
}

func fileOf(name string, text []byte) object {
	return object{"type": "file", "encoding": "base64", "size": len(text), "name": path.Base(name), "path": name, "content": base64.StdEncoding.EncodeToString(text),
		"sha": fmt.Sprintf("%040x", len(text)), "_links": object{"git": nil, "html": nil}}
}

func folder(name string, inside []string) []object {
	list := []object{}
	for _, one := range inside {
		list = append(list, object{"type": "file", "name": one, "path": path.Join(name, one), "size": 0, "sha": strings.Repeat("0", 40), "_links": object{"git": nil, "html": nil}})
	}
	return list
}

// commitOf is a commit of the git repository, or one that was seeded; nil where there is none.
func (h *Hub) commitOf(r *http.Request, sha string) object {
	for _, kept := range h.at(r).Commits {
		if kept["sha"] == sha {
			one := object{"parents": []any{}}
			for name, value := range kept {
				one[name] = value
			}
			for _, who := range []string{"author", "committer"} {
				one[who] = userOf(kept[who])
			}
			if one["commit"] == nil {
				one["commit"] = object{"message": "", "author": nil, "committer": nil}
			}
			return one
		}
	}
	if !h.own(r) || h.kind(sha) != "commit" {
		return nil
	}
	inner := h.commit(sha).body.(object)
	parents := inner["parents"]
	return object{"sha": sha, "author": nil, "committer": nil, "parents": parents, "html_url": inner["html_url"],
		"commit": object{"message": inner["message"], "author": inner["author"], "committer": inner["author"], "tree": inner["tree"]}}
}

func (h *Hub) getCommit(r *http.Request) answer {
	if one := h.commitOf(r, h.resolve(r, r.PathValue("ref"))); one != nil {
		return answer{status: http.StatusOK, body: one}
	}
	return refuse(http.StatusUnprocessableEntity, "No commit found for SHA: %s", r.PathValue("ref"))
}

func (h *Hub) listCommits(r *http.Request) answer {
	list := []object{}
	if h.own(r) {
		ids, _ := h.git("", nil, "rev-list", h.resolve(r, orPreset(r, "sha", "HEAD")), "--")
		for _, id := range strings.Fields(ids) {
			list = append(list, h.commitOf(r, id))
		}
	} else {
		for _, c := range h.at(r).Commits {
			list = append(list, h.commitOf(r, text(c["sha"])))
		}
	}
	return pageOf(r, list, "")
}

// compare compares two commits of the git repository, or says what was seeded.
func (h *Hub) compare(r *http.Request) answer {
	base, head, _ := strings.Cut(r.PathValue("basehead"), "...")
	if kept := h.at(r).Comparisons[r.PathValue("basehead")]; kept != nil {
		one := object{"status": "ahead", "commits": []any{}, "files": []any{}, "base_commit": object{"sha": base, "commit": object{"message": ""}, "author": nil, "committer": nil}}
		for name, value := range kept {
			one[name] = value
		}
		one["merge_base_commit"] = one["base_commit"]
		return answer{status: http.StatusOK, body: one}
	}
	from, to := h.commitOf(r, h.resolve(r, base)), h.commitOf(r, h.resolve(r, head))
	if from == nil || to == nil {
		return notFound
	}
	merge, _ := h.git("", nil, "merge-base", text(from["sha"]), text(to["sha"]))
	ahead, _ := h.git("", nil, "rev-list", "--reverse", text(from["sha"])+".."+text(to["sha"]))
	behind, _ := h.git("", nil, "rev-list", text(to["sha"])+".."+text(from["sha"]))
	commits := []object{}
	for _, id := range strings.Fields(ahead) {
		commits = append(commits, h.commitOf(r, id))
	}
	counts := [2]int{len(commits), len(strings.Fields(behind))}
	status := map[[2]bool]string{{false, false}: "identical", {true, false}: "ahead", {false, true}: "behind", {true, true}: "diverged"}[[2]bool{counts[0] > 0, counts[1] > 0}]
	a := pageOf(r, commits, "commits")
	whole := a.body.(object)
	delete(whole, "total_count")
	for name, value := range (object{"status": status, "ahead_by": counts[0], "behind_by": counts[1], "total_commits": len(commits), "base_commit": from, "merge_base_commit": h.commitOf(r, merge), "files": h.changed(merge, text(to["sha"]))}) {
		whole[name] = value
	}
	return a
}

// changed are the files that differ between two commits.
func (h *Hub) changed(from, to string) []object {
	files := []object{}
	kinds, _ := h.git("", nil, "diff", "--name-status", "--no-renames", "-z", from, to)
	counts, _ := h.git("", nil, "diff", "--numstat", "--no-renames", "-z", from, to)
	lines := map[string][2]int{}
	for _, one := range strings.Split(counts, "\x00") {
		if f := strings.SplitN(one, "\t", 3); len(f) == 3 {
			added, _ := strconv.Atoi(f[0])
			removed, _ := strconv.Atoi(f[1])
			lines[f[2]] = [2]int{added, removed}
		}
	}
	parts := strings.Split(kinds, "\x00")
	for i := 0; i+1 < len(parts); i += 2 {
		n := lines[parts[i+1]]
		files = append(files, object{"filename": parts[i+1], "status": map[string]string{"A": "added", "M": "modified", "D": "removed"}[parts[i]], "additions": n[0], "deletions": n[1], "changes": n[0] + n[1],
			"sha": nil, "blob_url": "https://github.com/blob", "raw_url": "https://github.com/raw", "contents_url": "https://api.github.com/contents"})
	}
	return files
}
