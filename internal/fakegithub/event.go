package fakegithub

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
)

// Event makes the file that a workflow finds its event in, of what a webhook would send: one of events,
// such as pull-request-synchronize. What is given is filled up, and held against GitHub's description.
func (h *Hub) Event(kind string, given []byte) ([]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	schema, ok := description().Events[kind]
	if !ok {
		return nil, errors.New("there is no event " + kind + ", but " + strings.Join(slices.Sorted(maps.Keys(description().Events)), ", "))
	}
	var payload object
	if err := json.Unmarshal(given, &payload); err != nil {
		return nil, err
	}
	h.preset(payload, object{"repository": repository(h.Repository), "sender": user("ada")})
	whole, err := h.filled(schema, payload, "events", kind)
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(whole, "", "  ")
}
