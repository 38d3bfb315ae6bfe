# Every command of the project; `make help` lists them. Needs make, sh and Python 3.11 to 3.13, nothing else.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory

VENV ?= .venv
PYTHON ?=
SCENARIO ?= scenarios/klaten-pilkades-2023.yaml
PYTEST_ARGS ?=
# Tests run side by side, one worker a core; JOBS=0 runs them in one process, for a debugger.
JOBS ?= auto

BIN := $(VENV)/bin
VERSIONS := 3.11 3.12 3.13
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
# The build backend comes from the constraints too, so that nothing is installed that is not pinned.
INSTALL := $(PIP) install --constraint constraints.txt

# The pip on PATH, and a user's or a version manager's Python settings, must not leak into the environment.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PIP_USER PIP_TARGET PIP_PREFIX

.PHONY: help
help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '  make %-12s %s\n' "$$name" "$$text"; done

# -- the environment -----------------------------------------------------------------------------------------

$(BIN)/python:
	@python="$(PYTHON)"; [ -n "$$python" ] || python=$$(sh .ci/find-python) || exit 1; \
	echo "Setting up $(VENV) with $$("$$python" -V) ($$python); the first time takes a minute or two ..." >&2; \
	"$$python" -m venv --clear "$(VENV)"

# The package is installed as a link to src/, so that only a change of the dependencies makes these stale.
$(VENV)/.installed-core: pyproject.toml constraints.txt | $(BIN)/python
	@$(INSTALL) hatchling editables
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt | $(BIN)/python
	@$(INSTALL) hatchling editables
	@$(INSTALL) --no-build-isolation --editable '.[test]'
	@touch $(VENV)/.installed-core $@

.PHONY: core develop
core: $(VENV)/.installed-core
develop: $(VENV)/.installed-test ## set up .venv with everything the checks need

# -- use -----------------------------------------------------------------------------------------------------

.PHONY: run
run: core ## rehearse the Klaten 2023 scenario and write its report (SCENARIO=... for another)
	@$(BIN)/kontijensi run $(SCENARIO)

# -- checks --------------------------------------------------------------------------------------------------

.PHONY: check lint format-check types layers spelling
check: lint format-check types layers spelling ## ruff, mypy, import-linter and codespell

lint: develop
	@echo "ruff check" && $(BIN)/ruff check --quiet .
format-check: develop
	@echo "ruff format --check" && $(BIN)/ruff format --check --quiet .
types: develop
	@echo "mypy" && $(BIN)/mypy
layers: develop
	@echo "lint-imports" && $(BIN)/lint-imports
spelling: develop
	@echo "codespell" && $(BIN)/codespell

.PHONY: test verify-full test-all
test: check ## what CI runs: the checks, then every test that is not slow
	@$(BIN)/python -m pytest -n $(JOBS) -m "not slow" $(PYTEST_ARGS)

verify-full: check ## the checks and every test, the long statistical ones too
	@$(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

test-all: ## the tests on every supported Python found on this machine
	@failed=""; ran=""; \
	for version in $(VERSIONS); do \
		if python=$$(sh .ci/find-python $$version); then \
			echo "== Python $$version ($$python)"; \
			ran="$$ran $$version"; \
			$(MAKE) PYTHON="$$python" VENV=.venv-$$version tests-only || failed="$$failed $$version"; \
		else \
			echo "== Python $$version: not on this machine, skipped"; \
		fi; \
	done; \
	if [ -z "$$ran" ]; then echo "No supported Python found (wanted one of: $(VERSIONS))." >&2; exit 1; fi; \
	if [ -n "$$failed" ]; then echo "Failed on Python$$failed (ran on$$ran)." >&2; exit 1; fi; \
	echo "Passed on Python$$ran."

.PHONY: tests-only
tests-only: develop
	@$(BIN)/python -m pytest -n $(JOBS) -m "not slow" $(PYTEST_ARGS)

.PHONY: bench
bench: develop ## every benchmark, one after another
	@set -e; for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python "$$script"; done

# -- made files ----------------------------------------------------------------------------------------------

.PHONY: format catalogue docs constraints
format: develop ## let ruff lay out the code
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

catalogue: develop ## collect new words and compile the translations
	@$(BIN)/python -m kontijensi.vocabulary.catalogue

.PHONY: reference claims
docs: reference claims ## write what the documents take from the program: the reference and the claims

reference: core ## write the reference of the scenario language from its schema
	@mkdir -p docs/reference
	@$(BIN)/kontijensi schema --markdown > docs/reference/scenario.md
	@$(BIN)/kontijensi schema > scenarios/kontijensi.schema.json
	@echo docs/reference/scenario.md

claims: develop ## run the check of every claim of the scenarios and write the table of claims
	@$(BIN)/python -m tests.scenarios.claims
	@echo docs/reference/claims.md

# Resolved on the oldest supported Python, then tried on each newer one found here. colorama and tzdata are
# needed on Windows only, where this target does not run, so they are named.
RESOLVE := .venv-constraints
constraints: ## choose the newest versions that fit and write constraints.txt
	@python=$$(sh .ci/find-python $(firstword $(VERSIONS))) || \
		{ echo "make constraints needs Python $(firstword $(VERSIONS))." >&2; exit 1; }; \
	"$$python" -m venv --clear $(RESOLVE)
	@$(RESOLVE)/bin/python -m pip --disable-pip-version-check --no-input --quiet install --dry-run \
		--ignore-installed --report $(RESOLVE)/report.json '.[test]' hatchling editables colorama tzdata
	@{ echo "# The exact versions that \`make run\` and \`make test\` install, alike on Python 3.11, 3.12 and 3.13."; \
	   echo "# Written by \`make constraints\`. Versions only: where they come from is the installer's business."; \
	   $(RESOLVE)/bin/python -c 'import json, re, sys; \
		found = [item["metadata"] for item in json.load(open(sys.argv[1]))["install"]]; \
		pins = {re.sub("[-_.]+", "-", m["name"]).lower(): m["version"] for m in found}; \
		pins.pop("kontijensi"); \
		print("\n".join(f"{name}=={version}" for name, version in sorted(pins.items())))' \
		$(RESOLVE)/report.json; } > constraints.txt.new
	@for version in $(wordlist 2,9,$(VERSIONS)); do \
		python=$$(sh .ci/find-python $$version) || { echo "Python $$version: absent, not tried"; continue; }; \
		"$$python" -m venv --clear $(RESOLVE) && \
		$(RESOLVE)/bin/python -m pip --disable-pip-version-check --no-input --quiet install --dry-run \
			--ignore-installed --constraint constraints.txt.new '.[test]' hatchling editables && \
		echo "Python $$version: resolves" || { rm -f constraints.txt.new; exit 1; }; \
	done
	@mv constraints.txt.new constraints.txt
	@rm -rf $(RESOLVE)

.PHONY: clean
clean: ## remove environments and caches; runs/ is yours and stays
	@rm -rf .venv .venv-* build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	@find . -path ./.git -prune -o -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune \
		-exec rm -rf {} +
