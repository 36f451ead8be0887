// Package slipway carries the contract: the action.yml of each action, which the runner reads
// inputs and defaults from, and the binary the same.
package slipway

import (
	"embed"
	"fmt"
)

//go:embed action.yml actions/*/action.yml
var contract embed.FS

// ActionYAML is the action.yml of an action. The root's is preflight.
func ActionYAML(name string) ([]byte, error) {
	path := "actions/" + name + "/action.yml"
	if name == "preflight" {
		path = "action.yml"
	}
	source, err := contract.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the contract of %s: %w", name, err)
	}
	return source, nil
}
