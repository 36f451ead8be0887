package main

import "github.com/slipway-actions/slipway/internal/verdict"

// The exit codes of the contract.
const (
	exitPass      = 0 // pass, go, nothing to do
	exitFail      = 1 // fail, no-go, rollback
	exitCaller    = 2 // the caller is wrong: input, policy, flag
	exitUndecided = 3 // unknown, incomplete, inconclusive
)

var exitCodes = map[verdict.Verdict]int{
	verdict.Pass:    exitPass,
	verdict.Fail:    exitFail,
	verdict.Unknown: exitUndecided,
}
