# Two commands are enough on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up

.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-desk chaos screenshots check bench lock

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) ## Create .venv with everything in it (does nothing when nothing changed)

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "TanyaCoP needs Python 3.11 or newer; set PYTHON=/path/to/python3.11."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: setup ## Try the bot in the browser: no token, no server
	@$(BIN)/tanyacop demo

run: setup ## Run the bot with the settings of .env
	@$(BIN)/tanyacop run

test: setup ## All tests that need Python only
	@$(BIN)/python -m pytest -n 2 --dist worksteal

test-desk: setup ## The tests that need Chromium
	@command -v chromium >/dev/null || { echo "make test-desk needs Chromium: install Debian's package chromium, then run it again."; exit 1; }
	@$(BIN)/python -m pytest tests/desk -n 2 --dist worksteal -o addopts="--strict-markers --strict-config"

chaos: setup ## Kill the real process at random moments and disturb it, on both databases (some minutes)
	@$(BIN)/python -m pytest tests/chaos -n 2 --dist worksteal -o addopts="--strict-markers --strict-config"

screenshots: setup ## Take the screenshots of docs/images anew
	@mkdir -p docs/images
	@SCREENSHOTS=docs/images $(BIN)/python -m pytest tests/desk -k 'typed_and_its or organiser' -o addopts="--strict-markers --strict-config"

check: setup ## Format, lint, types, import directions, catalogues, content, migrations
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/tanyacop kb check
	@$(BIN)/python -m pytest -q tests/test_catalogues.py tests/db/test_migrations.py tests/test_architecture.py

bench: setup ## Measure the search against its baselines, and the bot under load against the stock library
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks.reliability

lock: ## Write the lock files anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet pyproject.toml --group dev -o requirements-dev.lock
