# What people run. It needs Go, git and make; race needs a C compiler and image a Docker Engine, e2e and verify-it install
# Debian's packages. Modules are pinned in go.mod and in those below tools.

GO       ?= go
VERSION  ?= dev
FUZZTIME ?= 20s
BIN      := bin/slipway
TOOL     := $(GO) tool -modfile=tools/go.mod
ADVISORIES := internal/securitygate/testdata/osv
SIM_RUNS ?= 1500
SOAK_RUNS ?= 1000

COVER_LEAST ?= 95
KILL_LEAST  ?= 90
# What `make mutation-short` tries: packages whose tests cost next to nothing.
KILL_SHORT  ?= verdict semver holiday walltime risk timeseries

.PHONY: all build test cover mutation mutation-short lint demo e2e verify-it sim bench fuzz race soak image generate vulnerabilities clean

all: lint test demo

build: ## the binary, as the image has it
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o $(BIN) ./cmd/slipway

test: ## every test
	$(GO) test -timeout 30m ./...
	cd examples/shop && $(GO) test ./...
	cd tools && $(GO) test ./...

cover: ## statements of the packages that decide, which their own tests run: 95 % of each
	$(GO) run -C tools ./mutate cover -root .. -least $(COVER_LEAST)

mutation: ## small changes of the packages that decide, which their tests notice: 90 % of each; takes an hour or two
	$(GO) run -C tools ./mutate kill -root .. -least $(KILL_LEAST) $(PACKAGES)

mutation-short: ## the same of a few small packages; two minutes or three
	$(GO) run -C tools ./mutate kill -root .. -least $(KILL_LEAST) $(KILL_SHORT)

lint: ## formatting, vet, staticcheck, actionlint, also of the documents' workflows
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "not gofmt-ed: $$unformatted"; exit 1; }
	$(GO) vet -tags verifyit,e2e ./...
	cd examples/shop && $(GO) vet ./...
	cd tools && $(GO) vet ./...
	$(TOOL) staticcheck -tags verifyit,e2e ./...
	cd tools && $(GO) tool staticcheck ./...
	$(TOOL) actionlint .github/workflows/*.yml examples/*.yml examples/*/.github/workflows/*.yml
	cd tools && $(GO) run ./fences $$(git -C .. ls-files '*.md' | sed 's,^,../,')
	$(GO) mod verify

demo: build ## two releases of a small service, one of them broken
	cd examples/shop && $(GO) mod download
	$(GO) run ./examples/demo -slipway $(BIN) -shop examples/shop -advisories $(ADVISORIES)

e2e: ## the image, run as the runner runs it, and workflows; starts a Docker Engine where there is none
	tools/e2e/run.sh

verify-it: build ## against the real thing: installs Debian's prometheus, haproxy and chromium, and starts them on loopback
	tools/verifyit/install.sh
	cd examples/shop && $(GO) mod download
	@files=$$(git ls-files -co --exclude-standard '*_test.go' | xargs grep -l '^//go:build verifyit'); \
	tests=$$(sed -n 's/^func \(Test[A-Za-z0-9_]*\)(t .*/\1/p' $$files | paste -sd '|' -); \
	folders=$$(dirname $$files | sort -u | sed 's,^,./,'); \
	SLIPWAY=$(abspath $(BIN)) $(GO) test -tags verifyit -count=1 -timeout 20m -parallel 4 -v -run "^($$tests)$$" $$folders >bin/verify-it.log 2>&1; code=$$?; \
	if [ $$code = 0 ]; then grep -E '^ *--- |^ok' bin/verify-it.log; else cat bin/verify-it.log; fi; exit $$code

bench: build ## speed and memory, each beside a baseline in the same run
	$(GO) test -run='^$$' -bench=. -benchmem ./...

fuzz: ## a round of each fuzz target: FUZZTIME=100x is what CI takes, in three minutes; 10m is one over night
	@mkdir -p bin/fuzz; top=$$PWD; \
	for folder in $$(git ls-files -co --exclude-standard '*_test.go' | xargs grep -l '^func Fuzz' | xargs -n1 dirname | sort -u); do \
		$(GO) test -c -fuzz=. -o bin/fuzz/run.test "./$$folder" || exit 1; \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(f .*/\1/p' $$folder/*_test.go); do \
			(cd $$folder && $$top/bin/fuzz/run.test -test.run='^$$' -test.fuzz="^$$target$$" -test.fuzztime=$(FUZZTIME) -test.fuzzminimizetime=20x \
				-test.fuzzcachedir="$$($(GO) env GOCACHE)/fuzz/$$folder") >bin/fuzz/log 2>&1 || { cat bin/fuzz/log; echo "$$folder: $$target fell"; exit 1; }; \
			echo "$$folder $$target $$(sed -n 's/.*\(execs: [0-9]*\).*/\1/p' bin/fuzz/log | tail -1)"; \
		done || exit 1; \
	done

race: ## the race detector, over the packages that start goroutines; a C compiler has to be there
	@command -v "$$($(GO) env CC)" >/dev/null || { echo "make race needs a C compiler ($$($(GO) env CC)): on Debian, apt-get install gcc libc6-dev"; exit 1; }
	@packages=$$(grep -lE '\bgo func|\.Go\(|\bgo [a-z]+[.(]' $$(git ls-files 'internal/*.go' 'cmd/*.go' | grep -v _test.go) | xargs -n1 dirname | sort -u | sed 's,^,./,'); \
	CGO_ENABLED=1 $(GO) test -race -short -timeout 20m $$packages

soak: ## preflight a thousand times in one process, and what it holds then
	SLIPWAY_SOAK=$(SOAK_RUNS) $(GO) test ./cmd/slipway -run '^TestSoak$$' -count=1 -v -timeout 60m

sim: ## releases by the thousand: what calls them harmful, and when; two minutes or three
	$(GO) run ./cmd/simulate -runs $(SIM_RUNS) -write docs/simulation.md -check

image: ## the container of all actions
	docker build --build-arg VERSION=$(VERSION) -t slipway:$(VERSION) .

generate: ## the parts of documents that are made from action.yml, and the schemas
	$(GO) test ./internal/archtest -update

vulnerabilities: ## known ones in our own dependencies that our code calls; asks vuln.go.dev
	$(TOOL) govulncheck ./...

clean:
	rm -rf bin
