package fakegithub

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
)

// Asset is a file of a release.
type Asset struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	State string `json:"state"` // uploaded, or starter where an upload broke off
	Text  []byte `json:"text"`
}

func (h *Hub) releaseOf(r *http.Request) *Release {
	for _, one := range h.at(r).Releases {
		if strconv.FormatInt(one.ID, 10) == r.PathValue("release_id") {
			return one
		}
	}
	return nil
}

func (h *Hub) listAssets(r *http.Request) answer {
	one := h.releaseOf(r)
	if one == nil {
		return notFound
	}
	shown := []object{}
	for _, a := range one.Assets {
		shown = append(shown, a.shown())
	}
	return pageOf(r, shown, "")
}

func (a *Asset) shown() object {
	return object{"id": a.ID, "name": a.Name, "state": a.State, "size": len(a.Text), "content_type": "application/octet-stream", "label": nil,
		"digest": fmt.Sprintf("sha256:%x", sha256.Sum256(a.Text)), "browser_download_url": "https://github.com/download/" + a.Name}
}

// uploadAsset takes a file, as GitHub's upload server does: one of each name, and none where the release is
// immutable.
func (h *Hub) uploadAsset(r *http.Request) answer {
	one := h.releaseOf(r)
	if one == nil {
		return notFound
	}
	name := path.Base(r.URL.Query().Get("name"))
	text, err := io.ReadAll(r.Body)
	switch {
	case err != nil:
		return refuse(http.StatusBadRequest, "the upload broke off")
	case one.Immutable:
		return refuse(http.StatusUnprocessableEntity, "Cannot upload assets to an immutable release.")
	case slices.ContainsFunc(one.Assets, func(a *Asset) bool { return a.Name == name }):
		return invalid("ReleaseAsset", "already_exists", "name", "")
	}
	h.uploads++
	a := &Asset{ID: h.uploads, Name: name, State: "uploaded", Text: text}
	one.Assets = append(one.Assets, a)
	return answer{status: http.StatusCreated, body: a.shown()}
}

func (h *Hub) deleteAsset(r *http.Request) answer {
	for _, one := range h.at(r).Releases {
		i := slices.IndexFunc(one.Assets, func(a *Asset) bool { return strconv.FormatInt(a.ID, 10) == r.PathValue("asset_id") })
		switch {
		case i < 0:
			continue
		case one.Immutable:
			return refuse(http.StatusUnprocessableEntity, "Cannot delete asset from an immutable release")
		}
		one.Assets = slices.Delete(one.Assets, i, i+1)
		return answer{status: http.StatusNoContent}
	}
	return notFound
}
