package attest

import (
	"time"

	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Decision is the predicate of DecisionType: what was decided for a commit, by which rules and from
// what. There is one for a no-go as well.
type Decision struct {
	Decision    string          `json:"decision"` // go or no-go
	Verdict     verdict.Verdict `json:"verdict"`
	Sentence    string          `json:"sentence"`
	Environment string          `json:"environment"`
	ChangeType  string          `json:"changeType"`        // standard, normal or emergency
	Version     string          `json:"version,omitempty"` // that is released; "" where it is not known
	DecidedAt   time.Time       `json:"decidedAt"`
	Earliest    string          `json:"earliest,omitempty"` // when the windows allow a go, RFC 3339; "" where it is not known
	Policy      Resource        `json:"policy"`
	Risk        *Risk           `json:"risk,omitempty"` // missing where it is not known
	Criteria    []Criterion     `json:"criteria"`
	Approvals   []Approval      `json:"approvals"`
	Resources   []Resource      `json:"resources"` // the evidence, as it was handed in or read
	Run         result.Run      `json:"run"`
	Tool        string          `json:"tool"` // version of the binary that decided
}

// Criterion is one condition as it was judged.
type Criterion struct {
	ID       string          `json:"id"`
	Outcome  verdict.Outcome `json:"outcome"` // of all that was observed; skip where it was not asked for
	Observed []Observation   `json:"observed"`
	Waiver   *Waiver         `json:"waiver,omitempty"`
}

// Observation is one thing that was seen, and what was wanted of it.
type Observation struct {
	Outcome  verdict.Outcome `json:"outcome"`
	Title    string          `json:"title"`
	Observed string          `json:"observed,omitempty"`
	Wanted   string          `json:"wanted,omitempty"`
	Evidence string          `json:"evidence,omitempty"` // a link
	Owner    string          `json:"owner,omitempty"`
}

// Waiver is who set a criterion aside, why and until when.
type Waiver struct {
	By     string    `json:"by"`
	Role   string    `json:"role,omitempty"`
	Reason string    `json:"reason"`
	Ticket string    `json:"ticket,omitempty"`
	Until  time.Time `json:"until"`
}

// Approval is who spoke for the commit.
type Approval struct {
	By       string    `json:"by"`
	Role     string    `json:"role,omitempty"`
	How      string    `json:"how"`                // such as review
	At       time.Time `json:"at,omitzero"`        // zero where GitHub does not say
	Evidence string    `json:"evidence,omitempty"` // a link
}

// Risk is how risky the change is.
type Risk struct {
	Score int    `json:"score"` // 0 to 100
	Level string `json:"level"` // low, medium or high
}

// SVR is the predicate of SVRType, a simple verification result: that a verifier has found some
// properties. There is none for a no-go.
// https://github.com/in-toto/attestation/blob/main/spec/predicates/svr.md
type SVR struct {
	Verifier    Verifier  `json:"verifier"`
	TimeCreated time.Time `json:"timeCreated"`
	Properties  []string  `json:"properties"`
}

// Verifier is who verified, and by which policy.
type Verifier struct {
	ID     string   `json:"id"`
	Policy Resource `json:"policy"`
}

// VerifierID is go-no-go as a verifier; it changes where what its properties mean does.
const VerifierID = "https://slipway-actions.github.io/go-no-go/v1"
