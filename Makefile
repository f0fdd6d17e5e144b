# Everything there is to do with the register. `make help` lists it.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard tracker/translations/*/LC_MESSAGES/messages.po))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help run test check audit bench lock translations clean

help: ## List what there is
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

run: .venv/run $(CATALOGUES) ## Set up, load the bundled cohort, make demo accounts, serve on http://localhost:8000 (PORT= changes it)
	@TRACKER_DEMO=1 $(BIN)/tracker demo --port $(PORT)

test: check ## Set up, and run every test: quick part, both databases, a real browser
	@$(BIN)/python -m tests.browser.chromium
	$(BIN)/pytest -n 2 --dist worksteal

check: .venv/test $(CATALOGUES) ## The quick part of the tests: lint, format, types, imports, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python -m tools.code_scan --quiet --configfile pyproject.toml --recursive tracker config.py wsgi.py migrations benchmarks tools
	$(BIN)/python -m tools.secret_scan
	$(BIN)/pytest -q tests/invariants/test_catalogues.py tests/invariants/test_documented.py tests/invariants/test_security_table.py tests/test_config.py tests/cohort_files/test_cohort_file.py

audit: .venv/test ## Ask for known vulnerabilities of every pinned library (needs the network; fails where it cannot ask)
	@$(BIN)/python -m tools.audit

bench: .venv/test $(CATALOGUES) ## Measure against the goals (needs nginx and wrk; says so)
	$(BIN)/python -m benchmarks

lock: .venv/test ## Pin the newest versions that requirements/*.in allow
	$(BIN)/pip install --quiet uv
	for each in run test; do $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header requirements/$$each.in -o requirements/$$each.txt; done

translations: .venv/test ## Take new messages from the code into the catalogues
	@mkdir -p build
	$(BIN)/pybabel --quiet extract -F babel.cfg -k lazy_gettext --no-location --sort-output --project=endorsement-tracker -o build/messages.pot .
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-pot-creation-date -i build/messages.pot -d tracker/translations

clean: ## Remove what was set up; the database in instance/ stays
	rm -rf .venv build *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +

# .venv/run and .venv/test are stamps: they are newer than the pins that they installed.
.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version). Name another with PYTHON=..."; exit 1; }
	@echo "Making .venv"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing: sudo apt-get install python3-venv"; exit 1; }

.venv/run: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "Installing the pinned libraries"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/test: requirements/test.txt .venv/run | .venv/bin/python
	@echo "Installing the pinned libraries of the tests"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

%.mo: %.po | .venv/run
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
