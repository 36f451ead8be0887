// Package shop is a fixture: it has a piece of each kind of code that mutants change.
package shop

import (
	"errors"
	"time"
)

// Answer is an enumeration that begins with what is good.
type Answer string

const (
	Open   Answer = "open"
	Closed Answer = "closed"
	Lost   Answer = "lost"
)

const minutes = 60

var names = [...]string{0: "zero", 1: "one"}

var prices = map[string]int{"tea": 3}

type flag bool

// Larger has an equivalent mutant: both branches are the same where the numbers are.
func Larger(a, b int) int {
	if a > b {
		return a
	}
	return b
}

// Till has a condition with a comment in it, a switch without a tag, and answers.
func Till(hour int, holiday bool) (Answer, error) {
	switch {
	case hour < 0 || // before the day
		hour > 23:
		return Lost, errors.New("no such hour")
	case holiday:
		return Closed, nil
	}
	if hour >= 9 && !holiday {
		return Open, nil
	}
	return Closed, nil
}

// Sum has arithmetic, a loop, and statements that can be left out.
func Sum(basket []string) (total int, seen []string) {
	for i := 0; i < len(basket); i++ {
		if basket[i] == "" {
			continue
		}
		total += prices[basket[i]]
		seen = append(seen, basket[i])
	}
	return total*2 - total, seen
}

// Shadow has a name of the language's own for something else.
func Shadow(new string) string { return new }

// Wait has a constant with a unit, and a named type of bool.
func Wait(n int) (time.Duration, flag) { return time.Duration(n) * 90 * time.Second, n > minutes }

// Name has an index.
func Name(n uint8) string { return names[n&1] }

// Down has a loop that does not end where its last statement is left out.
func Down(n int) (steps int) {
	for n > 0 {
		steps = 7
		n--
	}
	return steps
}

// Unreached is reached by no test.
func Unreached() bool { return true }
