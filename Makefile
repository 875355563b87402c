# The commands of the README. `make run` and `make test` set everything up themselves.
.PHONY: run test unit setup check bench lock clean
.DEFAULT_GOAL := help

PYTHON ?= python3.11
BIN := .venv/bin
PERIOD ?= 2019-06
DATA ?= data
FIRST = $(shell date -d "$(PERIOD)-01 -12 months" +%Y-%m)
LAST = $(shell date -d "$(PERIOD)-01 -1 month" +%Y-%m)

help:
	@echo "make run      this month's ranking and scorecards, from a fresh clone (PERIOD=$(PERIOD))"
	@echo "make test     set-up and all tests"
	@echo "make unit     the unit tests alone, about a minute"
	@echo "make check    format, lint, strict types, import contracts"
	@echo "make bench    the benchmarks, as ratios"
	@echo "make setup    .venv from requirements.lock"
	@echo "make lock     pin the dependencies of pyproject.toml anew"

setup: .venv/.ready .venv/.pdf

# uv comes by pip at the version that the lock names, then installs exactly what the lock says. What is installed is
# compiled once: many processes are started, and where Python is told to write no bytecode each would compile it anew.
.venv/.ready: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check "$$(grep -oE '^uv==[0-9.]+' requirements.lock)"
	@$(BIN)/uv pip sync -q --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

# PDFs need libraries and a Chinese font of the system; without them reports are pages alone.
PDF_PACKAGES = libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk
PDF_LOADS = $(BIN)/python -c 'from pipelines.pdf import load; load()'
.venv/.pdf: .venv/.ready
	@if ! $(PDF_LOADS) 2>/dev/null && test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -qq -y --no-install-recommends $(PDF_PACKAGES) >/dev/null; fi; \
		if $(PDF_LOADS) 2>/dev/null; then touch $@; \
		else echo "no PDFs of reports: install the Debian packages $(PDF_PACKAGES)"; fi

# The tests also run the roll-ups on the distributed engine; using the index does not need it.
.venv/.spark: requirements-spark.lock .venv/.ready
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-spark.lock
	@touch $@

lock:
	@$(BIN)/uv pip compile -q --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --upgrade pyproject.toml -o requirements.lock
	@grep -o 'pyspark[^"]*' pyproject.toml | $(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header -c requirements.lock - -o requirements-spark.lock

# A year of history, kept as measure files, is scored before the month itself is collected and published.
run: setup
	@$(BIN)/cci --data $(DATA) sandbox --from $(FIRST) --to $(PERIOD) --fault everyday
	@$(BIN)/cci --data $(DATA) backfill --from $(FIRST) --to $(LAST)
	@$(BIN)/cci --data $(DATA) run --period $(PERIOD)

test: setup .venv/.spark
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# What is pure: scoring, reading, pages' contexts, tables. The stand-in country and the pipeline have the other tests.
UNITS = tests/indicators tests/scrapers tests/templates tests/warehouse tests/test_documents.py
unit: setup .venv/.spark
	@$(BIN)/python -m pytest -n auto --dist loadfile $(UNITS) \
		-m "not month and not country and not process and not spark and not browser and not pdf"

check: setup .venv/.spark
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup
	@$(BIN)/python -m bench

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
