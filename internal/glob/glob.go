// Package glob matches names. Of checks: * stands for any text, ? for one character, and all else
// for itself, since names such as "e2e (chrome, 3/4)" are full of brackets and slashes. Of files: the
// same within each name, and ** for folders. It does no I/O.
package glob

// Match tells whether the whole of name fits pattern. It takes time in proportion to the product
// of their lengths at most.
func Match(pattern, name string) bool {
	p, n := []rune(pattern), []rune(name)
	star, mark := -1, 0 // where to go on when what follows the last * did not fit
	i, j := 0, 0
	for j < len(n) {
		switch {
		case i < len(p) && p[i] == '*':
			star, mark = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == n[j]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}
