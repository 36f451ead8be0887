package main

import (
	"go/token"
	"strings"
)

// The environment of a test binary with mutants in it.
const (
	envMutant = "MUTANT"       // the number of the one that is on; none without it
	envTrace  = "MUTANT_TRACE" // a file that gets the number of each mutant that is reached
	envCPU    = "MUTANT_CPU"   // seconds of processor time before the system ends the process
)

// arithmeticNames are the functions of switchText that calculate, or do the opposite.
var arithmeticNames = map[token.Token]string{
	token.ADD: "mutantAdd", token.SUB: "mutantSub", token.MUL: "mutantMul", token.QUO: "mutantQuo", token.REM: "mutantRem",
	token.AND: "mutantAnd", token.OR: "mutantOr", token.SHL: "mutantShl", token.SHR: "mutantShr",
}

// switchFile is the file beside a package's own, when it is compiled, that turns one of its mutants on.
func switchFile(pkg string) string {
	return strings.Replace(switchText, "package p", "package "+pkg, 1)
}

// A mutant in an endless loop costs processor time or memory, and both have an end: seconds on the clock
// would say more about the machine's other work than about the mutant.
const switchText = `package p

import (
	"os"
	"strconv"
	"sync"
	"syscall"
)

var mutantOn, mutantTrace = mutantRead()

var mutantSeen sync.Map

func mutantRead() (uint32, *os.File) {
	if s, err := strconv.ParseUint(os.Getenv("` + envCPU + `"), 10, 32); err == nil {
		cpu, memory := syscall.Rlimit{Cur: s, Max: s + 1}, syscall.Rlimit{Cur: 4 << 30, Max: 4 << 30}
		if syscall.Setrlimit(syscall.RLIMIT_CPU, &cpu) != nil || syscall.Setrlimit(syscall.RLIMIT_AS, &memory) != nil {
			panic("limit the process")
		}
	}
	on, _ := strconv.ParseUint(os.Getenv("` + envMutant + `"), 10, 32)
	if name := os.Getenv("` + envTrace + `"); name != "" {
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			panic(err)
		}
		return uint32(on), file
	}
	return uint32(on), nil
}

func mutantIs(id uint32) bool { return mutantOn == id || mutantTrace != nil && mutantNote(id) }

func mutantIsNone(first, last uint32) bool { return mutantOn < first || mutantOn > last }

func mutantNote(id uint32) bool {
	if _, seen := mutantSeen.LoadOrStore(id, true); !seen {
		if _, err := mutantTrace.WriteString(strconv.FormatUint(uint64(id), 10) + "\n"); err != nil {
			panic(err)
		}
	}
	return false
}

func mutantPick[T any](id uint32, normal, other T) T {
	if mutantIs(id) {
		return other
	}
	return normal
}

func mutantZero[T any]() (zero T) { return zero }

type mutantInteger interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

type mutantNumber interface{ mutantInteger | ~float32 | ~float64 }

func mutantAdd[T mutantNumber](id uint32, a, b T) T {
	if mutantIs(id) {
		return a - b
	}
	return a + b
}

func mutantSub[T mutantNumber](id uint32, a, b T) T {
	if mutantIs(id) {
		return a + b
	}
	return a - b
}

func mutantMul[T mutantNumber](id uint32, a, b T) T {
	if mutantIs(id) {
		return a / b
	}
	return a * b
}

func mutantQuo[T mutantNumber](id uint32, a, b T) T {
	if mutantIs(id) {
		return a * b
	}
	return a / b
}

func mutantRem[T mutantInteger](id uint32, a, b T) T {
	if mutantIs(id) {
		return a * b
	}
	return a % b
}

func mutantAnd[T mutantInteger](id uint32, a, b T) T {
	if mutantIs(id) {
		return a | b
	}
	return a & b
}

func mutantOr[T mutantInteger](id uint32, a, b T) T {
	if mutantIs(id) {
		return a & b
	}
	return a | b
}

func mutantShl[T, S mutantInteger](id uint32, a T, b S) T {
	if mutantIs(id) {
		return a >> b
	}
	return a << b
}

func mutantShr[T, S mutantInteger](id uint32, a T, b S) T {
	if mutantIs(id) {
		return a << b
	}
	return a >> b
}
`
