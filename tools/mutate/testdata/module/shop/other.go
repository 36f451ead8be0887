package shop

// Ignored is in a file that does not count.
func Ignored(a int) bool { return a > 5 }
