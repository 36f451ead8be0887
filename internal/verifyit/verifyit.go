// Package verifyit tries deploy-verify on the real thing: two versions of the sample service behind a real
// HAProxy whose weights are moved, watched by a real Prometheus, verified by the built binary as a runner
// runs it. It has tests alone, behind the tag verifyit, for they need programs that tools/verifyit/install.sh
// installs: make verify-it. They start processes, listen on loopback, and write to temporary folders.
package verifyit
