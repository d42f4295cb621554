# `make site` checks the registry and builds the whole site; `make test` runs every test.
# Both make their own environment in .venv and need only CPython 3.11 or newer with pip, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: site test check serve rules lint benchmark clean
.DELETE_ON_ERROR:

site: $(VENV)/installed
	$(BIN)/colophon check --registry registry
	$(BIN)/colophon build --registry registry --site-dir site

test: $(VENV)/installed-dev
	$(BIN)/pytest -n auto

check: $(VENV)/installed
	$(BIN)/colophon check --registry registry

serve: $(VENV)/installed
	$(BIN)/colophon serve --registry registry --site-dir site

# Writes the rules' pages from the audits' docstrings.
rules: $(VENV)/installed
	rm -rf docs/rules
	$(BIN)/colophon explain --write docs/rules

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Measures everything up to 100,000 records, which can take hours on two cores; PARTS="--part size-1k" a part of it.
# What was interrupted goes on when the same command is given again; benchmarks/README.md says how a run is kept.
SPEED := .colophon/registry-speed.json
OPERATOR ?= $(or $(shell git config user.name),unnamed)
benchmark: $(VENV)/installed-benchmarks
	mkdir -p $(dir $(SPEED))
	$(BIN)/python scripts/experiments/registry_speed.py --preset cpu $(PARTS) --operator "$(OPERATOR)" --out $(SPEED)
	$(BIN)/python benchmarks/bounds.py $(SPEED)

clean:
	rm -rf $(VENV) site .colophon dist

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/installed-benchmarks: pyproject.toml $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[benchmarks]'
	touch $@

$(VENV)/installed-dev: pyproject.toml $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@
