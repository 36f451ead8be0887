package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway"
	"github.com/slipway-actions/slipway/internal/action"
)

// local are the flags that only a laptop has.
type local struct {
	json     bool   // print the result document alone
	dryRun   bool   // write nothing
	replay   string // file of a result that is decided again
	explain  string // a criterion to say more about
	simulate string // a policy to decide past results by
	backtest string // the past that is judged instead of the present
	records  []string
}

// recorded tells that no new decision is made.
func (l local) recorded() bool { return l.replay != "" || l.simulate != "" }

// readInputs joins the runner's INPUT_ variables and the flags; a flag wins.
func readInputs(a action.Action, spec action.Spec, args []string, environ []string) (map[string]string, local, error) {
	given := map[string]string{}
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		if input, ok := strings.CutPrefix(name, "INPUT_"); ok && input != "" {
			given[strings.ToLower(input)] = value
		}
	}
	var l local
	flags := flag.NewFlagSet(spec.Name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&l.json, "json", false, "")
	// On a laptop preflight is a look around: it writes only when told --dry-run=false.
	flags.BoolVar(&l.dryRun, "dry-run", a.Name == "preflight" && !slices.Contains(environ, "GITHUB_ACTIONS=true"), "")
	if a.Again != nil {
		flags.StringVar(&l.replay, "replay", "", "")
		flags.StringVar(&l.explain, "explain", "", "")
		flags.StringVar(&l.simulate, "simulate", "", "")
	}
	if a.Backtest != nil {
		flags.StringVar(&l.backtest, "backtest", "", "")
	}
	for _, in := range spec.Inputs {
		flags.Var(&inputFlag{given, in}, in.Name, in.Description)
	}
	if err := flags.Parse(args); err != nil {
		return nil, l, err
	}
	if l.simulate != "" {
		l.records = flags.Args()
	} else if flags.NArg() > 0 {
		return nil, l, fmt.Errorf("%q is no flag; inputs are given as --name=value", flags.Arg(0))
	}
	return given, l, nil
}

// inputFlag is one input as a flag. Those that are true or false need no value.
type inputFlag struct {
	given map[string]string
	spec  action.InputSpec
}

func (f *inputFlag) String() string { return "" }

func (f *inputFlag) Set(value string) error {
	f.given[f.spec.Name] = value
	return nil
}

func (f *inputFlag) IsBoolFlag() bool {
	return slices.Contains([]string{"true", "false"}, f.spec.Default)
}

// usage lists the actions.
func usage() string {
	var b strings.Builder
	b.WriteString("Usage: slipway <action> [--input=value …] [--json] [--dry-run]\n\nActions:\n")
	for _, a := range actions {
		spec, err := specOf(a.Name)
		if err != nil {
			continue // archtest holds every action to having one
		}
		fmt.Fprintf(&b, "  %-15s %s\n", a.Name, spec.Description)
	}
	b.WriteString("  report          Make one page from the result documents of a pipeline.\n  version         Print the version.\n\n`slipway <action> --help` lists an action's inputs.\n" +
		"Exit codes: 0 pass, go · 1 fail, no-go, rollback · 2 input or policy is wrong · 3 undecided.\n")
	return b.String()
}

// actionUsage lists the inputs of one action.
func actionUsage(a action.Action, spec action.Spec) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: slipway %s [flags]\n\n%s\n\nInputs:\n", a.Name, spec.Description)
	for _, in := range spec.Inputs {
		fmt.Fprintf(&b, "  --%s", in.Name)
		if in.Default != "" {
			fmt.Fprintf(&b, " (default %s)", in.Default)
		}
		fmt.Fprintf(&b, "\n      %s\n", strings.ReplaceAll(in.Description, "\n", "\n      "))
	}
	writeReference(&b, a.Reference)
	b.WriteString("\nOn a laptop:\n  --json\n      Print the result document alone.\n  --dry-run\n      Decide and print, but write no file.\n")
	if a.Again != nil {
		b.WriteString("  --replay <result file>\n      Decide again from the evidence in a result file, offline, and want the same, byte for byte.\n" +
			"  --explain <criterion>\n      Say in plain words why a criterion came out as it did; with --replay, in that result.\n" +
			"  --simulate <policy file> <result file>...\n      Show what another policy would have decided on past results.\n")
	}
	if a.Backtest != nil {
		b.WriteString("  --backtest <from>..<to>\n      Judge the past as the present is judged, and show how often and how soon there would have been an alarm.\n")
	}
	return b.String()
}

// writeReference says what the action takes and means beyond its inputs.
func writeReference(b *strings.Builder, r action.Reference) {
	b.WriteString("\nPermissions of the token:\n")
	for _, p := range r.Permissions {
		without := ""
		if p.Soft {
			without = "; without it a warning"
		}
		fmt.Fprintf(b, "  %s\n      %s: %s%s.\n", p, where(p.Asker), p.For, without)
	}
	b.WriteString("\nNetwork:\n")
	for _, h := range r.Hosts {
		fmt.Fprintf(b, "  %s\n      %s: %s.\n", h.Name, where(h.Asker), h.For)
	}
	b.WriteString("\nExit codes:\n")
	for code, means := range r.Exits {
		fmt.Fprintf(b, "  %d  %s\n", code, means)
	}
}

// where is who asks, as a person types it.
func where(a action.Asker) string {
	switch {
	case a.Input != "":
		return "--" + a.Input
	case a.Policy != "":
		return "policy " + a.Policy
	}
	return a.Case
}

func specOf(name string) (action.Spec, error) {
	source, err := slipway.ActionYAML(name)
	if err != nil {
		return action.Spec{}, err
	}
	return action.ParseSpec(source)
}
