# The two commands that matter: `make demo` and `make test`. Both do their own set-up.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Outside the tree: a fresh clone finds the dependencies already built, and so do all worktrees.
CARGO_TARGET_DIR := $(or $(CARGO_TARGET_DIR),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/pingjiang-target)
export CARGO_TARGET_DIR
# rustup's place, for shells that did not read ~/.cargo/env.
export PATH := $(PATH):$(HOME)/.cargo/bin

# More words for the command, as in: make demo ARGS="--headless --seconds 20"
ARGS ?=
# In CI the lock file is law.
LOCKED := $(if $(CI),--locked)

.PHONY: help demo test fuzz soak bench release doctor setup fmt clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  more words for the command: make demo ARGS=\"--headless --seconds 20\""

demo: ## set up, build, and show the demo city with live alarms
	@.ci/setup demo
	@[[ -d "$$CARGO_TARGET_DIR/debug" ]] || echo "demo: the first build takes about half an hour on 2 cores"
	cargo run $(LOCKED) -- demo $(ARGS)

test: ## set up, then everything CI checks, in its order
	@.ci/setup test
	@.ci/checks

fuzz: ## hostile input for MINUTES=1 (SEED=1, TARGET=all); REPLAY=FILE: one input again
	MINUTES=$(or $(MINUTES),1) SEED=$(or $(SEED),1) TARGET="$(TARGET)" REPLAY="$(REPLAY)" \
		cargo test $(LOCKED) --no-default-features --features net --test fuzz \
		-- --ignored --exact --nocapture $(if $(REPLAY),replay,long_run)

SOAK := cargo test $(LOCKED) --no-default-features --features net

soak: ## under faults for MINUTES=1 (SEED=1), KILLS=100, MINUTES at a steady pace, DAYS=1; REPLAY=NAME: one course
	MINUTES=$(or $(MINUTES),1) SEED=$(or $(SEED),1) REPLAY="$(REPLAY)" \
		$(SOAK) --test simulation -- --ignored --exact --nocapture $(if $(REPLAY),replay,long_run)
	$(if $(REPLAY),,KILLS=$(or $(KILLS),100) \
		$(SOAK) --test killed -- --ignored --exact --nocapture long_run)
	$(if $(REPLAY),,MINUTES=$(or $(MINUTES),1) DAYS=$(or $(DAYS),1) \
		$(SOAK) --test steady -- --ignored --exact --nocapture --test-threads 1 long_run long_month)

bench: ## measure, in the profile the demo runs in (ARGS: a filter)
	@.ci/setup bench
	cargo bench $(LOCKED) --profile dev $(ARGS)

release: ## the optimised binary; builds all dependencies once more
	@.ci/setup demo
	cargo build $(LOCKED) --release
	@echo "release: $(CARGO_TARGET_DIR)/release/pingjiang"

doctor: ## what is found on this machine, what is missing; installs nothing
	@.ci/setup test --check
	cargo run $(LOCKED) -- doctor $(ARGS)

setup: ## install the system packages for demo and tests
	@.ci/setup test

fmt: ## format the code
	cargo fmt

clean: ## remove our own build results and pictures; dependencies stay built
	cargo clean -p pingjiang
	rm -rf out
