package secretscan

// Compile compiles the rules anew.
func Compile() error { _, err := compile(); return err }
