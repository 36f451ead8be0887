package gonogo

import "slices"

// judgesImages are the actions whose results are about what is in an image, or runs from it. Such a
// result holds for the image wherever it goes and whatever commit the workflow run stood at that
// deployed or scanned it. The other actions judge a commit, and an image says nothing of that.
var judgesImages = []string{"deploy-verify", "security-gate"}

// sameImage tells whether a result is about the very image that is to be deployed.
func (e evidence) sameImage(d document) bool {
	return e.Digest != "" && d.Digest == e.Digest && slices.Contains(judgesImages, d.Action)
}

// otherImage tells whether a result is about another image than the one that is to be deployed, be
// it built from the same commit.
func (e evidence) otherImage(d document) bool {
	return e.Digest != "" && d.Digest != "" && d.Digest != e.Digest && slices.Contains(judgesImages, d.Action)
}

func orImage(e evidence) string {
	if e.Digest == "" {
		return ""
	}
	return " or this image"
}
