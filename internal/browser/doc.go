// Package browser shows documents in headless Chromium, for the tests that `make verify-it` runs: it tells what
// is seen at each width, by day and by night, and keeps pictures. It serves them on loopback and starts a
// process; no product code imports it.
package browser
