# Everything a user or a developer of the extension runs; `make help` lists it.

MODULE := github.com/xk6-fetch/xk6-fetch
K6_VERSION := $(shell sed -n 's|^.*go\.k6\.io/k6/v2 \(v[^ ]*\).*|\1|p' go.mod)

# Time for each fuzz target, and further arguments of `go test`.
FUZZTIME ?= 60s
TESTFLAGS ?=

# Further arguments of the measuring program, such as -rounds=9 or -only=http2,
# and how often each Go benchmark runs.
BENCHFLAGS ?=
BENCHCOUNT ?= 6

# No binary needs the state of the repository, and asking for it fails if the
# repository belongs to another user.
export GOFLAGS := $(GOFLAGS) -buildvcs=false

TOOL := go tool -modfile=tools/go.mod
LINT_TOOL := go tool -modfile=tools/lint/go.mod

# The files that ./k6 is built from: all but tests.
SOURCES := $(shell find extension.go fetch -type f -not -name '*_test.go' -not -path '*/testdata/*' 2>/dev/null)

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

##@ Use

.PHONY: demo
demo: k6 build/server ## Fetch five pages and visit a shop, with the command and a script, and leave report.html
	@mkdir -p build/demo
	@echo "Five pages, with k6 x fetch:"
	@build/server -- sh -c 'K6_AUTO_EXTENSION_RESOLUTION=false ./k6 x fetch $$(echo "$$URLS" | tr , " ")'
	@echo "One at a time and together, with a script:"
	@build/server -- ./k6 run examples/compare.js
	@echo "A shop with all that its page needs, as a browser fetches it:"
	@build/server -- sh -c 'K6_AUTO_EXTENSION_RESOLUTION=false ./k6 x fetch --page "$$SHOP" --report html=build/demo/page.html'
	@echo "Once more, to write report.html:"
	@build/server -- ./k6 run --quiet -e REPORTS=build/demo examples/report.js >build/demo/log 2>&1 \
		|| { cat build/demo/log; exit 1; }
	@cp build/demo/report.html build/demo/page.html .
	@echo "$(CURDIR)/report.html and page.html, the waterfall of the shop: open them in a browser."

.PHONY: build
build: k6 ## Build ./k6, which is k6 with this extension

# xk6 writes to build/ first, so that the rest of a failed build does not look like
# a finished ./k6.
k6: $(SOURCES) go.mod go.sum tools/go.mod
	@echo "Building ./k6: k6 $(K6_VERSION) with this extension."
	@echo "The first build downloads and compiles all of k6, which takes a few"
	@echo "minutes; later ones take seconds."
	@mkdir -p build && rm -f build/k6
	@.ci/progress "building k6" \
		$(TOOL) xk6 build $(K6_VERSION) --quiet --with $(MODULE)=. --output build/k6
	@mv build/k6 k6
	@./k6 version

build/server: $(shell find examples/server -type f -not -name '*_test.go' 2>/dev/null) go.mod
	@go build -o $@ ./examples/server

##@ Test

# The tests of reports mostly wait for a browser, so others run beside them.
.PHONY: test
test: ## Run all tests and count them
	@rm -rf build/tests
	@status=0; \
	$(MAKE) test-go || status=1; \
	$(MAKE) test-times || status=1; \
	$(MAKE) test-chaos || status=1; \
	$(MAKE) test-operator || status=1; \
	$(MAKE) test-memory || status=1; \
	mkdir -p build/tests; \
	$(MAKE) test-reports >build/tests/reports.log 2>&1 & reports=$$!; \
	$(MAKE) test-fuzz || status=1; \
	$(MAKE) test-types || status=1; \
	wait $$reports || status=1; \
	cat build/tests/reports.log; \
	$(MAKE) test-project || status=1; \
	awk '{ passed += $$1; failed += $$3 } \
		END { printf "%d passed, %d failed\n", passed, failed }' build/tests/*.count \
		| tee build/tests/total; \
	exit $$status

# Tests that measure run on their own. Times are held against peers that delay something by milliseconds, so nothing else
# may use the CPUs meanwhile; and the race detector takes several times the memory.
TIMES := ADelayShowsInItsPhaseAlone|ADelayOverHTTP3ShowsInItsPhaseAlone|OneOfManyConnectionsDelaysNoOtherPhase
MEMORY := Memory.*

# HTTP/2 and HTTP/3 are tested against other servers, and pages against Chromium. If one is missing, its tests are skipped,
# except in continuous integration, which installs them.
#
# gotestsum passes its counts to the command that it runs last. Its errors are
# packages that failed although none of their tests did.
.PHONY: test-go
test-go: ## Run the Go tests, scripts in a real k6 included
	@[ -z "$$CI" ] || { .ci/servers && .ci/chromium && $(MAKE) tools/http3/node_modules; }
	@echo "Running the Go tests with the race detector. The first run compiles k6 with"
	@echo "it, which takes some minutes and prints nothing."
	@mkdir -p build/tests
	@SERVERS="$$CI" $(TOOL) gotestsum --format pkgname --format-hide-empty-pkg \
		--jsonfile build/tests/go.json \
		--post-run-command ".ci/count go" \
		-- -race -skip '^Test($(TIMES)|$(MEMORY))$$' $(TESTFLAGS) ./...

.PHONY: test-times
test-times: ## Test the phases of the timings, with nothing else on the CPUs
	@mkdir -p build/tests
	@$(TOOL) gotestsum --format pkgname --jsonfile build/tests/times.json --post-run-command ".ci/count times" \
		-- -race -run '^Test($(TIMES))$$' $(TESTFLAGS) ./fetch

# Not npm ci, which wants all packages of a lock file: that of the server lists optional ones that were never published.
tools/http3/node_modules: tools/http3/package-lock.json
	@echo "Installing a server of HTTP/3 for Node.js."
	@cd tools/http3 && npm install --no-save --omit=optional --no-audit --no-fund --loglevel=error
	@touch $@

# A module of its own, so that the proxies do not become a dependency of the extension.
.PHONY: test-chaos
test-chaos: ## Fetch ten thousand pages through proxies that break things
	@mkdir -p build/tests
	@cd fetch/internal/e2e/chaos && go tool -modfile=../../../../tools/go.mod gotestsum --format pkgname \
		--jsonfile ../../../../build/tests/chaos.json \
		--post-run-command "../../../../.ci/count chaos" \
		-- -race $(TESTFLAGS) ./...

# A module of its own, so that Kubernetes does not become a dependency of the extension.
.PHONY: test-operator
test-operator: ## Check the manifests in examples/cluster against k6-operator
	@mkdir -p build/tests
	@cd tools/operator && go tool -modfile=../go.mod gotestsum --format pkgname \
		--jsonfile ../../build/tests/operator.json \
		--post-run-command "../../.ci/count operator" \
		-- -count=1 $(TESTFLAGS) ./...

.PHONY: test-memory
test-memory: ## Measure what hostile servers cost in memory
	@mkdir -p build/tests
	@$(TOOL) gotestsum --format pkgname --format-hide-empty-pkg \
		--jsonfile build/tests/memory.json \
		--post-run-command ".ci/count memory" \
		-- -run '^Test($(MEMORY))$$' $(TESTFLAGS) ./fetch/internal/e2e/wholeruns ./fetch/internal/e2e/distribution ./fetch/command

# Our own parser must read what net/http reads. Each test run fuzzes it shortly,
# make fuzz for longer.
.PHONY: test-fuzz
test-fuzz: ## Compare HTTP as we speak it with net/http and net/url for 8 s each
	@.ci/fuzz 8s 'Fuzz(Frames|Head|Near|Response|Wire)'

.PHONY: test-js
test-js: ## Run only the tests of scripts in a real k6
	@go test -race -run '^Test(K6|Examples|Documents|Facts)' $(TESTFLAGS) ./...

.PHONY: test-types
test-types: tools/types/node_modules ## Check the documents and the examples against index.d.ts
	@mkdir -p build/tests
	@cd tools/types && node --test --test-reporter=spec --test-reporter-destination=stdout \
		--test-reporter=./count.mjs --test-reporter-destination=../../build/tests/types.count

tools/types/node_modules: tools/types/package-lock.json
	@echo "Installing the TypeScript compiler and the types of k6."
	@cd tools/types && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# A hundred thousand URLs on three k6 processes with segments of every kind, and a million on one. Then iterations that leave
# work behind and end in every way, and two hundred thousand iterations.
.PHONY: test-long
test-long: ## Run the tests of long lists, cuts and soaks at full length
	@go test -race -v -timeout 30m -run '^TestK6Leftovers$$' ./fetch/internal/e2e/wholeruns -all $(TESTFLAGS)
	@go test -v -timeout 60m -run '^TestK6Soak$$' ./fetch/internal/e2e/wholeruns -iterations 200000 $(TESTFLAGS)
	@go test -v -timeout 30m -run '^Test(K6|Memory)' ./fetch/internal/e2e/distribution -urls 100003 -many 1000000 $(TESTFLAGS)
	@go test -v -timeout 30m -run '^TestMemory' ./fetch/command -lines 1000000 $(TESTFLAGS)

# The page is tested in Chromium. If that is missing, those tests are skipped,
# except in continuous integration, which installs it.
.PHONY: test-reports
test-reports: tools/reports/node_modules ## Check reports against schemas, and the page in a browser
	@mkdir -p build/tests
	@[ -z "$$CI" ] || .ci/chromium
	@cd tools/reports && node --test --test-reporter=spec --test-reporter-destination=stdout \
		--test-reporter=../types/count.mjs --test-reporter-destination=../../build/tests/reports.count \
		reports.test.mjs

tools/reports/node_modules: tools/reports/package-lock.json
	@echo "Installing schemas and parsers of reports."
	@cd tools/reports && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: test-project
test-project: ## Check what GitHub and the extension registry read: forms, updates, workflows
	@mkdir -p build/tests
	@cd tools/lint && go tool -modfile=../go.mod gotestsum --format pkgname \
		--jsonfile ../../build/tests/project.json \
		--post-run-command "../../.ci/count project" \
		-- -count=1 $(TESTFLAGS) ./...

.PHONY: fuzz
fuzz: ## Fuzz each fuzz target for FUZZTIME, 60 s by default
	@.ci/fuzz $(FUZZTIME)

##@ Document

.PHONY: docs
docs: tools/types/node_modules ## Write the types as pages, to build/docs
	@cd tools/types && npx --no-install typedoc
	@echo "They are in $(CURDIR)/build/docs: open index.html in a browser."

.PHONY: pictures
pictures: k6 build/server tools/reports/node_modules ## Make the pictures in docs/images anew; needs Chromium
	@node tools/pictures/pictures.mjs
	@go test ./fetch/command -run '^TestPicture$$' -count=1 -picture

##@ Measure

BENCH_TOOLS := build/bin/bench build/bin/hey build/bin/vegeta

.PHONY: bench
bench: k6 $(BENCH_TOOLS) ## Measure against http.batch and others, in 15 minutes
	@build/bin/bench $(BENCHFLAGS)

.PHONY: bench-long
bench-long: k6 $(BENCH_TOOLS) ## The same with calls and lists of 1,000,000 URLs, in an hour
	@build/bin/bench -long $(BENCHFLAGS)

build/bin/bench: $(wildcard tools/bench/*.go tools/bench/scripts/*) tools/bench/go.mod
	@mkdir -p build/bin
	@go build -C tools/bench -o $(CURDIR)/$@ .

build/bin/hey: tools/bench/go.mod
	@mkdir -p build/bin
	@go build -C tools/bench -o $(CURDIR)/$@ github.com/rakyll/hey

build/bin/vegeta: tools/bench/go.mod
	@mkdir -p build/bin
	@go build -C tools/bench -o $(CURDIR)/$@ github.com/tsenart/vegeta/v12

# Benchmarks with a way=nethttp are compared with it. All are compared with the
# last run of `make bench-micro`.
.PHONY: bench-micro
bench-micro: ## Run the Go benchmarks and compare with the last run
	@mkdir -p build/bench
	@[ ! -f build/bench/new ] || mv build/bench/new build/bench/old
	@echo "Running the Go benchmarks, $(BENCHCOUNT) times each."
	@go test -run '^$$' -bench . -benchmem -count=$(BENCHCOUNT) $(TESTFLAGS) ./fetch/... >build/bench/run \
		|| { cat build/bench/run; exit 1; }
	@mv build/bench/run build/bench/new
	@$(TOOL) benchstat -filter '/way:(http1 OR fetch OR nethttp)' -col /way build/bench/new
	@[ -f build/bench/old ] || $(TOOL) benchstat build/bench/new
	@[ ! -f build/bench/old ] || $(TOOL) benchstat build/bench/old build/bench/new

##@ Check

.PHONY: lint
lint: ## Run the linters and check the formatting
	@echo "Linting. The first run compiles the linters, which takes a minute or two."
	@$(LINT_TOOL) golangci-lint run ./...
	@$(TOOL) actionlint -shellcheck= -pyflakes=
	@go mod tidy -diff

.PHONY: test-quick
test-quick: ## Run the tests that start no process and reach no network
	@.ci/quick $(TESTFLAGS)

.PHONY: check
check: ## Check format and lint, and run the quick tests; `make hooks` has each commit do it
	@$(LINT_TOOL) golangci-lint run ./...
	@mkdir -p build && go vet ./...
	@$(MAKE) test-quick >build/check.log || { grep -v '^ok' build/check.log; exit 1; }

.PHONY: hooks
hooks: ## Have git run `make check` before each commit
	@git config core.hooksPath .ci/hooks

.PHONY: cross
cross: ## Compile for the systems that the tests do not run on
	@GOOS=windows go build ./...
	@GOOS=darwin go build ./...

.PHONY: lint-extension
lint-extension: build/bin/gosec build/bin/govulncheck ## Run the checks of the k6 extension registry
	@PATH="$(CURDIR)/build/bin:$$PATH" $(TOOL) xk6 lint --preset official

build/bin/gosec: tools/lint/go.mod
	@mkdir -p build/bin
	@go build -modfile=$< -o $@ github.com/securego/gosec/v2/cmd/gosec

build/bin/govulncheck: tools/go.mod
	@mkdir -p build/bin
	@go build -modfile=$< -o $@ golang.org/x/vuln/cmd/govulncheck

.PHONY: fmt
fmt: ## Format the Go sources
	@$(LINT_TOOL) gofumpt -l -w extension.go fetch examples

##@ Other

.PHONY: clean
clean: ## Remove all that was built
	@rm -rf k6 build tools/types/node_modules tools/reports/node_modules tools/http3/node_modules

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
