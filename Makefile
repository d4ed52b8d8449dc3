# The project's commands. What is missing is installed into the project (.tools, node_modules) before it is used.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

PORT ?= 8787
export PORT
MAKEFLAGS += --no-print-directory
NODE := node_modules/.bin/node
NODE_TEST := $(NODE) --test --test-reporter=spec --test-concurrency=2
BUILD := $(NODE) tools/build.mjs
WASM := --target wasm32-unknown-unknown --lib
DRY_RUN := tests/output/deploy
FUZZ_SECONDS ?= 60

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-24s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## Build and run

.PHONY: setup
setup: ## Install what the build needs and is missing
	@tools/setup.sh

.PHONY: build
build: setup ## build/index.js and build/index_bg.wasm, ready to deploy
	@$(BUILD)

.PHONY: dev
dev: build ## Run the guard before a demonstration gateway (ORIGIN=name.azure-api.net: before that one)
	@exec $(NODE) tools/dev.mjs

.PHONY: demo-breaks
demo-breaks: ## All that can be broken while `make dev` runs
	@node demo/switch.mjs break || true

.PHONY: demo-mend
demo-mend: ## Mend what was broken
	@node demo/switch.mjs mend

demo-break-%: ## Break one thing while `make dev` runs
	@node demo/switch.mjs break $*

## Tests

.PHONY: test
test: check test-native test-worker test-e2e test-api test-pages test-deploy test-fuzz ## All tests

.PHONY: check
check: setup ## Formatting, lints on both targets, documentation
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	cargo clippy $(WASM) --all-features -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --document-private-items

.PHONY: test-native
test-native: setup ## The core on this machine
	cargo test

.PHONY: build-panic-probe
build-panic-probe: setup
	@$(BUILD) --features panic-probe --out build-panic-probe

.PHONY: test-worker
test-worker: build build-panic-probe ## The built module in the Workers runtime
	$(NODE_TEST) 'tests/worker/*.test.mjs'

.PHONY: test-e2e
test-e2e: build ## The built module before real DNS servers and a real TLS origin, what it says read by the real tools
	tools/setup-test-packages.sh
	tools/setup-python-packages.sh
	$(NODE_TEST) 'tests/e2e/*.test.mjs'

.PHONY: test-pages
test-pages: build ## The admin interface's pages in headless Chromium
	tools/setup-test-packages.sh
	$(NODE_TEST) 'tests/pages/*.test.mjs'

.PHONY: test-api
test-api: build ## Every call of openapi.json, asked by schemathesis
	tools/setup-python-packages.sh
	$(NODE_TEST) 'tests/api/*.test.mjs'

.PHONY: test-deploy
test-deploy: dry-run ## That `wrangler deploy` would upload the build as it is

.PHONY: dry-run
dry-run: setup ## What `wrangler deploy` would upload, into tests/output/deploy
	rm -rf $(DRY_RUN)
	PATH="$$PWD/node_modules/.bin:$$PATH" WRANGLER_SEND_METRICS=false wrangler deploy --dry-run --outdir $(DRY_RUN)
	@cmp build/index_bg.wasm $(DRY_RUN)/*-index_bg.wasm

.PHONY: fuzz
fuzz: setup ## Each fuzz target for FUZZ_SECONDS (60)
	tools/fuzz.sh $(FUZZ_SECONDS)

.PHONY: test-fuzz
test-fuzz: setup
	tools/fuzz.sh 10

.PHONY: bench
bench: build ## Speed and size, beside their limits
	$(NODE) bench/run.mjs

.PHONY: audit
audit: setup ## Licences, duplicates, and advisories where their database can be reached
	tools/audit.sh

.PHONY: clean
clean: ## Remove what was built; the installed tools stay
	cargo clean
	rm -rf build build-panic-probe tests/output .wrangler
