//go:build e2e

package e2e

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The jobs of a matrix are the components that changed, and each is released by its own tag.
func TestActMonorepo(t *testing.T) {
	t.Parallel()
	f := newFlow(t, filepath.Join(root, "examples/monorepo"))
	f.commit("feat: begin")
	for _, tag := range []string{"cart/v1.0.0", "catalogue/v1.0.0", "checkout/v1.0.0"} {
		f.git("tag", tag)
	}
	f.commit("chore: tagged")
	f.want(f.run("release.yml", "push", nil), 0, map[string]string{"release/plan": "success"})

	write(t, filepath.Join(f.repository, "services/cart/cart.txt"), "a cart\n")
	f.commit("feat: add a cart")
	got := f.run("release.yml", "push", nil)
	f.want(got, 0, map[string]string{
		"release/plan": "success", "release/test cart-1": "success", "release/test checkout-2": "success",
		"release/release cart-1": "success", "release/release checkout-2": "success",
	})
	want := "cart/v1.0.0 cart/v1.1.0 catalogue/v1.0.0 checkout/v1.0.0 checkout/v1.0.1"
	if tags := f.tags(); tags != want {
		t.Errorf("the tags are %s, want %s", tags, want)
	}
	if first, last := slices.Index(got.order, "release/test checkout-2"), slices.Index(got.order, "release/release cart-1"); first > last {
		t.Errorf("a component was released before all tests had passed: %v", got.order)
	}
	landed := git(t, f.remote(), "ls-tree", "-r", "--name-only", "main")
	if !strings.Contains(landed, "services/cart/CHANGELOG.md") || strings.Contains(landed, "services/catalogue/CHANGELOG.md") {
		t.Errorf("on main lie\n%s", landed)
	}
}
