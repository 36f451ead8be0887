package main

// Set by the linker: go build -ldflags "-X main.version=1.4.0 -X main.commit=$(git rev-parse HEAD)".
var (
	version = "0.0.0-dev"
	commit  = "unknown"
)

// fault breaks every answer where it is not empty. It stands for the mistake that builds, passes
// every test, and shows only once the service runs.
const fault = ""
