# `make site` checks the registry and builds the whole site; `make test` runs every test.
# Both make their own environment in .venv and need only CPython 3.11 or newer with pip, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REPORTS := tests/ingests/examples

.PHONY: site test check serve records rules lint bench clean
.DELETE_ON_ERROR:

site: $(VENV)/installed
	$(BIN)/colophon check --registry registry
	$(BIN)/colophon build --registry registry --site-dir site

test: $(VENV)/installed-dev
	$(BIN)/pytest

check: $(VENV)/installed
	$(BIN)/colophon check --registry registry

serve: $(VENV)/installed
	$(BIN)/colophon serve --registry registry --site-dir site

# Makes the first records again from the reports, beside the old ones until all are whole; possible only until
# registry.yaml says append_only: true.
AGAIN := .colophon/records
INGEST = $(BIN)/colophon ingest --registry $(AGAIN)
records: $(VENV)/installed
	grep -q '^append_only: false' registry/registry.yaml
	rm -rf $(AGAIN)
	mkdir -p $(AGAIN)
	cp -r registry/registry.yaml registry/vocabularies $(AGAIN)
	$(INGEST) $(REPORTS)/000_fa936746a51effa6.txt --id 633d4d8a-aa2a-449c-8123-213191021a18
	$(INGEST) $(REPORTS)/001_26414e9198898de5.txt --id c157b341-d852-485c-b26f-7cb9d63b3007
	$(INGEST) $(REPORTS)/002_c34ef8fe9af1aed1.txt --id 20164509-383a-47f5-a404-579667fe34a5
	rm -rf registry/papers
	mv $(AGAIN)/papers registry/papers

# Writes the rules' pages from the audits' docstrings.
rules: $(VENV)/installed
	rm -rf docs/rules
	$(BIN)/colophon explain --write docs/rules

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/installed-dev
	$(BIN)/python benchmarks/scale.py

clean:
	rm -rf $(VENV) site .colophon dist

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/installed-dev: pyproject.toml $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@
