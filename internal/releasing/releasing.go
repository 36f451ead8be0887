// Package releasing is how Slipway itself is released: an image that two builds make the same, pushed by its
// digest; a commit in which every action.yml names that digest; an immutable release at that commit; and the
// floating tags behind it. Each step looks before it writes, so that a run that died is completed by running it
// again. It does I/O: with a registry, with GitHub, and with git.
package releasing
