# Two commands matter: `make demo` renders the example series, `make test` runs the tests. Both install first.
# The virtual environment is .venv; every package in it is pinned, with hashes, in requirements/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 3

.DEFAULT_GOAL := help
.PHONY: help demo test crash drills gates format install install-dev browser servers pins schemas bench clean

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: install ## install, then render the example series to a real episode
	$(BIN)/tailframe produce projects/lighthouse e01 --yes
	@echo "Open projects/lighthouse/output/e01/e01.mp4"

# What pytest makes of tests is kept for the next time, also where the environment wants no bytecode: it takes half of their start.
# Runs have many threads, and tests fork: few arenas of memory make that a tenth cheaper.
PYTEST := PYTHONDONTWRITEBYTECODE= MALLOC_ARENA_MAX=2 $(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder

test: install-dev browser ## install, then run the tests
	$(PYTEST) $(PYTEST_ARGS)

crash: install-dev browser ## all of what tests enumerate: every moment to die at, every vendor, every kind of media
	EVERY_MOMENT=1 $(PYTEST) -m "thinned or exhaustive" $(PYTEST_ARGS)

drills: install-dev browser servers ## break one part after the other of a whole studio, and write down how long it takes to recover
	WHOLE_DRILLS=1 DRILL_FIGURES=drills.jsonl $(BIN)/python -m pytest -m drill $(PYTEST_ARGS)

gates: install-dev ## lint, format, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install-dev ## put the code into its one format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

install: $(VENV)/runtime.stamp ## everything that runs Tailframe
install-dev: $(VENV)/dev.stamp ## and everything that tests it

$(VENV)/uv.stamp: requirements/installer.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tailframe needs Python 3.11 or newer; say which: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/installer.txt
	@touch $@

$(VENV)/runtime.stamp: $(VENV)/uv.stamp requirements/runtime.txt pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements/runtime.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	$(BIN)/python -m compileall -q storyboard render flows
	@touch $@

$(VENV)/dev.stamp: $(VENV)/runtime.stamp requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements/dev.txt
	@touch $@

# Tests that play the master or look at pages need Chromium. Where it may not be installed they are left out, loudly; never in CI.
browser:
	@command -v chromium >/dev/null 2>&1 \
	  || { command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || { echo "NOTE: no Chromium here and no right to install it; tests in a browser are left out"; [ -z "$$CI" ]; }

# A whole studio needs a PostgreSQL with its extensions, and for one of its workers a clock that goes wrong.
servers:
	@{ ls /usr/share/postgresql/*/extension/pg_trgm.control && ls /usr/lib/*/faketime/libfaketimeMT.so.1; } >/dev/null 2>&1 \
	  || { command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq postgresql faketime >/dev/null; } \
	  || { echo "Drills need PostgreSQL and faketime (apt-get install postgresql faketime), and there is no right to install them"; false; }

pins: $(VENV)/uv.stamp ## resolve the whole dependency tree again
	$(BIN)/uv pip compile requirements/installer.in --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements/installer.txt
	$(BIN)/uv pip compile pyproject.toml requirements/build.in --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements/runtime.txt
	$(BIN)/uv pip compile pyproject.toml requirements/build.in --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -c requirements/runtime.txt -o requirements/dev.txt

schemas: install ## write schemas/ and docs/yaml.md from the models
	$(BIN)/python -m storyboard.schema

bench: install-dev ## measure what the documentation claims
	@for each in benchmarks/*.py; do echo "== $$each"; $(BIN)/python $$each || exit 1; done

clean: ## remove what tests and tools leave behind (never .tailframe/ or output/)
	rm -rf .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build *.egg-info
