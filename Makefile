# Set-up and every routine task; `make` lists them.
PYTHON ?= python3
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
CATALOGUES := $(wildcard platform/concord/locale/*/LC_MESSAGES/*.po)
# A stamp is named after the content it stands for: times in a clone do not matter.
SUM := $(firstword $(shell cat requirements.lock requirements-dev.lock pyproject.toml .ci/vendor_htmx.py $(CATALOGUES) | cksum))
RUN := $(VENV)/.ready-run-$(SUM)
DEV := $(VENV)/.ready-dev-$(SUM)
# Tests start their own servers, whatever the environment points to.
PYTEST := env -u DATABASE_URL -u REDIS_URL $(BIN)/python -m pytest

.PHONY: help demo serve test test-data test-servers machines accessibility lint browser faults bench bench-matching bench-scale messages lock
.DELETE_ON_ERROR:

help:  ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(RUN)  ## Play with sample data on this machine (ARGS=--check plays one request to its end)
	$(BIN)/concord demo $(ARGS)

serve: $(RUN)  ## Serve the platform, with its own database and queue unless DATABASE_URL and REDIS_URL are given
	$(BIN)/concord serve $(ARGS)

test: lint browser  ## Check style, types and layers, then run the tests
	$(PYTEST) -n $(JOBS) $(ARGS)

test-data: $(DEV)  ## Run the tests on public data in the folder CONCORD_DATA
	@test -d "$(CONCORD_DATA)" || { echo "test-data: set CONCORD_DATA to the folder of public data" >&2; exit 2; }
	CONCORD_DATA="$(abspath $(CONCORD_DATA))" $(PYTEST) -m data $(ARGS)

test-servers: $(DEV) browser  ## Run the tests against the servers at DATABASE_URL and REDIS_URL
	@test -n "$(DATABASE_URL)" -a -n "$(REDIS_URL)" || { echo "test-servers: set DATABASE_URL and REDIS_URL" >&2; exit 2; }
	TEST_DATABASE_URL="$(DATABASE_URL)" TEST_REDIS_URL="$(REDIS_URL)" $(PYTEST) -n $(JOBS) $(ARGS)

machines: $(DEV)  ## Take thousands of random steps with requests, offers, matches, deliveries, sessions and the outbox
	CONCORD_EXAMPLES=25 CONCORD_STEPS=40 $(PYTEST) tests/machines -p no:randomly $(ARGS)

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy .ci/vendor_htmx.py
	$(BIN)/mypy .ci/vendor_axe.py
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint templates --lint --quiet

browser:
	@command -v chromium >/dev/null || if test "$$(id -u)" = 0; then \
		apt-get update -q && apt-get install -qy --no-install-recommends chromium fonts-noto-core fonts-noto-cjk; \
	else \
		echo "The browser tests need Chromium: sudo apt-get install chromium fonts-noto-core fonts-noto-cjk" >&2; exit 2; \
	fi

accessibility: $(DEV) browser  ## Put every page before axe-core and walk it by keyboard, in two languages, themes and widths
	$(BIN)/python .ci/vendor_axe.py
	$(PYTEST) -n $(JOBS) tests/browser/accessibility.py $(ARGS)

faults: $(DEV)  ## Kill everything while twenty people work, and judge what is left (ARGS="seconds seed")
	$(BIN)/python -m tests.faults $(ARGS)

bench: $(DEV)  ## Measure memory, ranking times and the cost of the main pages
	$(BIN)/python -m tests.benchmarks $(ARGS)

bench-matching: $(DEV)  ## Measure the matcher and its peers on the packs in CONCORD_DATA/matching
	@test -d "$(CONCORD_DATA)/matching" || { echo "bench-matching: set CONCORD_DATA to the folder of public data" >&2; exit 2; }
	$(BIN)/python -m tests.benchmarks.matching "$(abspath $(CONCORD_DATA))/matching" $(ARGS)

bench-scale: $(DEV)  ## Measure two workers at 10,000 offers, full runs, one index in memory, and preselection with the texts in CONCORD_DATA
	$(BIN)/python -m tests.benchmarks.scale $(ARGS)

messages: $(DEV)  ## Bring the catalogues up to date with the sources; what is new waits for its translation
	folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keywords Text --sort-by-file --add-location file \
		--output-file "$$folder/messages.pot" . && \
	$(BIN)/pybabel --quiet update --input-file "$$folder/messages.pot" --output-dir platform/concord/locale \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 98

COMPILE = "$$folder/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock:  ## Compile both lock files anew (ARGS=--upgrade for newer versions)
	folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(PYTHON) -m venv "$$folder" && "$$folder/bin/pip" install --quiet --disable-pip-version-check uv && \
	$(COMPILE) $(ARGS) pyproject.toml -o requirements.lock && \
	$(COMPILE) $(ARGS) --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv $(VENV)

$(RUN): LOCK := requirements.lock
$(DEV): LOCK := requirements-dev.lock
$(RUN) $(DEV): | $(VENV)/bin/python
	$(PIP) --require-hashes --requirement $(LOCK)
	$(PIP) --no-deps --no-build-isolation --editable .
	$(BIN)/python .ci/vendor_htmx.py
	$(if $(CATALOGUES),$(BIN)/pybabel --quiet compile --directory platform/concord/locale)
	rm -f $(filter-out %-$(SUM),$(wildcard $(VENV)/.ready-*))
	touch $@
