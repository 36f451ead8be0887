module github.com/slipway-actions/slipway

go 1.26.5

require (
	github.com/Masterminds/semver/v3 v3.5.0
	github.com/goccy/go-yaml v1.19.2
	github.com/google/go-cmp v0.7.0
)
