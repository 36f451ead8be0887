package expression

import (
	"sync"

	"cel.dev/cel-go/cel"
	celenv "cel.dev/cel-go/common/env"
)

// Vocabulary is the names that conditions of one part of the policy can be about.
type Vocabulary struct {
	facts    []fact
	example  string
	language func() (*cel.Env, error) // made when the first condition is read
}

// fact is a name and what kind of value it has.
type fact struct {
	name  string
	kind  kind
	from  string   // what supplies it, as an order
	words []string // all that a text can be; nil where it can be anything
}

// kind of a value.
type kind int

const (
	text kind = iota
	truth
	whole
	fraction
	texts
	moment
)

func (k kind) celType() *cel.Type {
	switch k {
	case truth:
		return cel.BoolType
	case whole:
		return cel.IntType
	case fraction:
		return cel.DoubleType
	case texts:
		return cel.ListType(cel.StringType)
	case moment:
		return cel.TimestampType
	}
	return cel.StringType
}

const (
	fromBump       = "hand in a passing result of version-bump for this commit"
	fromClone      = "let actions/checkout bring the whole history, with fetch-depth: 0"
	fromRisk       = "see why the risk of the change is not known"
	fromMigrations = "name the folders with migrations in a criterion of the kind migrations"
	fromScan       = "hand in a result of security-gate for this commit"
	fromBase       = "hand in a result of security-gate that was given the input base"
	fromDigest     = "name the image in the input image-digest"
	fromRun        = "report it, for every run knows this"
	fromUsers      = "tell deploy-verify which share of the users is affected"
)

// Gate is what the conditions of the gate can be about.
var Gate = vocabulary(`'risk.score < 60'`, []fact{
	{name: "environment", from: fromRun},
	{name: "release.version", from: fromBump},
	{name: "release.previous", from: fromBump},
	{name: "release.tag", from: fromBump},
	{name: "release.bump", from: fromBump, words: []string{"none", "prerelease", "patch", "minor", "major"}},
	{name: "release.type", from: fromBump, words: []string{"feature", "hotfix", "security", "beta", "lts"}},
	{name: "release.prerelease", kind: truth, from: fromBump},
	{name: "change.type", from: fromRun, words: []string{"standard", "normal", "emergency"}},
	{name: "change.files", kind: texts, from: fromClone},
	{name: "change.lines", kind: whole, from: fromClone},
	{name: "change.commits", kind: whole, from: fromClone},
	{name: "change.authors", kind: texts, from: fromClone},
	{name: "risk.score", kind: whole, from: fromRisk},
	{name: "risk.level", from: fromRisk, words: []string{"low", "medium", "high"}},
	{name: "migration.present", kind: truth, from: fromMigrations},
	{name: "migration.irreversible", kind: truth, from: fromMigrations},
	{name: "security.critical", kind: whole, from: fromScan},
	{name: "security.high", kind: whole, from: fromScan},
	{name: "security.medium", kind: whole, from: fromScan},
	{name: "security.low", kind: whole, from: fromScan},
	{name: "security.total", kind: whole, from: fromScan},
	{name: "security.new", kind: whole, from: fromBase},
	{name: "security.accepted", kind: whole, from: fromScan},
	{name: "image.digest", from: fromDigest},
	{name: "now", kind: moment, from: fromRun},
	{name: "weekday", from: fromRun, words: []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}},
	{name: "hour", kind: whole, from: fromRun},
})

// ForwardFix is what the conditions of verify.forward-fix-if and verify.incident.severity can be about.
var ForwardFix = vocabulary(`'impact.users < 0.01'`, []fact{
	{name: "impact.users", kind: fraction, from: fromUsers},
	{name: "impact.critical", kind: truth, from: "mark the metrics of critical functions with critical: true"},
	{name: "migration.irreversible", kind: truth, from: "hand in a result that tells whether a migration cannot be undone"},
})

func vocabulary(example string, facts []fact) *Vocabulary {
	v := &Vocabulary{facts: facts, example: example}
	v.language = sync.OnceValues(v.makeLanguage)
	return v
}

// makeLanguage is CEL with what conditions need of it. The extension for strings is left out: one
// replace in it can take minutes before its steps are counted. So are dyn and type, which would put
// off the check of types until it is too late, and has: what is not known is not false.
func (v *Vocabulary) makeLanguage() (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.StdLib(cel.StdLibSubset(&celenv.LibrarySubset{
			ExcludeMacros:    []string{"has"},
			ExcludeFunctions: []*celenv.Function{{Name: "dyn"}, {Name: "type"}},
		})),
		cel.CrossTypeNumericComparisons(true),
		cel.ParserRecursionLimit(depthLimit),
		cel.ParserErrorRecoveryLimit(1),
		cel.RegexProgramSizeLimit(regexLimit),
		cel.ASTValidators(cel.ValidateDurationLiterals(), cel.ValidateTimestampLiterals(), cel.ValidateRegexLiterals(),
			cel.ValidateHomogeneousAggregateLiterals(), cel.ValidateComprehensionNestingLimit(loopLimit)),
	}
	for _, f := range v.facts {
		options = append(options, cel.Variable(f.name, f.kind.celType()))
		if f.name == filesName {
			options = append(options, touching()...)
		}
	}
	return cel.NewCustomEnv(options...)
}

func (v *Vocabulary) fact(name string) (fact, bool) {
	for _, f := range v.facts {
		if f.name == name {
			return f, true
		}
	}
	return fact{}, false
}

// Names are all that conditions can be about.
func (v *Vocabulary) Names() []string {
	var names []string
	for _, f := range v.facts {
		names = append(names, f.name)
	}
	return names
}
