package expression

import (
	"strings"

	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types/ref"
)

// What a change usually has at most, for telling beforehand whether a condition is too costly. A
// larger one is met by the limit when it is judged.
const (
	typicalFiles = 1_000
	typicalName  = 100 // letters
)

// What CEL's own reckoning leaves out.
const (
	zoneCost = 100 // of looking up a time zone
	pathCost = 5   // of holding one file against a path
)

// priced adds the costs of what CEL has no price for.
type priced struct{}

// CallCost is the steps that one call took; nil leaves it to CEL.
func (priced) CallCost(function, overload string, args []ref.Val, _ ref.Val) *uint64 {
	var steps uint64
	switch {
	case function == touchesName:
		steps = 1 + pathCost*size(args[0])
	case strings.HasSuffix(overload, "_with_tz"):
		steps = zoneCost
	default:
		return nil
	}
	return &steps
}

// typical estimates for a change of a usual size.
type typical struct{}

// EstimateSize is the length of a list or a text.
func (typical) EstimateSize(node cost.AstNode) *cost.SizeEstimate {
	if node.ComputedSize() != nil {
		return nil
	}
	if strings.HasPrefix(node.Type().String(), "list") {
		return &cost.SizeEstimate{Max: typicalFiles}
	}
	return &cost.SizeEstimate{Max: typicalName}
}

// EstimateCallCost is what CallCost will come to.
func (typical) EstimateCallCost(function, overload string, _ *cost.AstNode, _ []cost.AstNode) *cost.CallEstimate {
	switch {
	case function == touchesName:
		return &cost.CallEstimate{CostEstimate: cost.Estimate{Max: 1 + pathCost*typicalFiles}}
	case strings.HasSuffix(overload, "_with_tz"):
		return &cost.CallEstimate{CostEstimate: cost.Estimate{Min: zoneCost, Max: zoneCost}}
	}
	return nil
}
