// Package e2e runs the image: with the runner's own command line, and in workflows. It is made of tests
// alone, which need a Docker Engine; make e2e brings one. It does I/O.
package e2e
