package policy

import (
	"strings"
)

// Variable is the name of the environment variable that a value is taken from; ok is false where the
// policy names the value itself.
func Variable(value string) (name string, ok bool) { return strings.CutPrefix(value, fromEnvironment) }

func isVariable(value string) bool {
	name, ok := Variable(value)
	return ok && environmentName.MatchString(name)
}

// address refuses what is neither an http address nor the name of a variable that holds one.
func address(at, value string) *misfit {
	if _, ok := Variable(value); ok {
		if !isVariable(value) {
			return misfitf(at, "%q names no variable of the environment; use one such as env:PROM_URL", value)
		}
		return nil
	}
	if _, err := ParseAddress(value); err != nil {
		return misfitf(at, "%v", err)
	}
	return nil
}

// headerValue refuses what no header can be, and a secret that stands in the file.
func headerValue(at, name, value string) *misfit {
	switch {
	case name == "" || strings.ContainsAny(name, " \t\r\n:"):
		return misfitf(at, "%q is no name of a header", name)
	case strings.ContainsAny(value, "\r\n"):
		return misfitf(at, "the value has more than one line")
	case isVariable(value):
		return nil
	case strings.HasPrefix(value, fromEnvironment):
		return misfitf(at, "%q names no variable of the environment; use one such as env:PROM_TOKEN", value)
	}
	for _, secret := range []string{"authorization", "cookie", "token", "key", "secret", "password"} {
		if strings.Contains(strings.ToLower(name), secret) {
			return misfitf(at, "a secret does not belong into a file; put it into the step's env, and name the variable here, such as env:PROM_TOKEN")
		}
	}
	return nil
}
