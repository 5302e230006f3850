# BookMe. `make demo` shows it, `make test` checks it (`make check` most of it); all need Python 3.11 (or 3.12) and make only.

PYTHON ?= python3
# Compiled code is kept, whatever the environment says: to compile the tests takes longer than to
# collect them.
export PYTHONDONTWRITEBYTECODE =

BIN := .venv/bin
RUN_READY := .venv/.run-$(shell cksum < requirements.txt | cut -d' ' -f1)
DEMO_READY := .venv/.demo-$(shell cat requirements.txt requirements-demo.txt | cksum | cut -d' ' -f1)
DEV_READY := .venv/.dev-$(shell cat requirements*.txt | cksum | cut -d' ' -f1)

# A language is one catalogue or two; what runs reads their compiled forms.
PO := $(wildcard bookme/translations/*/LC_MESSAGES/*.po)
MO := $(PO:.po=.mo)

.PHONY: demo run ready test check lint types all-tests quick-tests audit scan bench growth load faults mutants pictures help-pictures lighthouse messages clean

# Tied to make: whatever ends it, all of BookMe ends too.
TIED = BOOKME_PARENT=$$PPID exec $(BIN)/python -I -S bookme/running/tied.py $(BIN)/python

demo: $(DEMO_READY) $(MO)
	@$(TIED) -m bookme.running demo

run: $(RUN_READY) $(MO)
	@$(TIED) -m bookme.running

# All that the checks need.
ready: $(DEV_READY) $(MO)

# Types are checked beside the tests, which wait for processes half of the time.
test: $(DEV_READY) $(MO)
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory -j 2 types all-tests

# What needs no browser, no PostgreSQL and no process of its own.
check: $(DEV_READY) $(MO)
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory -j 2 types quick-tests

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

# More workers than processors: see tests/selection.py. On one database only: make all-tests ONLY=postgresql
all-tests:
	$(BIN)/pytest -q -n 4 --dist worksteal $(if $(ONLY),-m "$(ONLY)")

quick-tests:
	$(BIN)/pytest -q -n 2 --dist worksteal --hypothesis-profile quick \
		-m "not postgresql and not processes and not browser and not whole"

# Known holes of the packages that are pinned; where their list can't be reached, it says so.
audit: $(DEV_READY)
	@$(BIN)/python -m tests.audit

# Static and dynamic tests of what strangers may try, as a report for reviews: var/scan/report.md.
scan: $(DEV_READY) $(MO)
	@$(BIN)/python -m tests.scan

bench: $(DEV_READY) $(MO)
	@$(BIN)/python -m tests.bench

# What pages cost with a thousand bookings, and with a million: make growth BOOKINGS=100000 DATABASE=sqlite
growth: $(DEV_READY)
	@$(BIN)/python -m tests.bench.growth --bookings $(or $(BOOKINGS),1000000) --database $(or $(DATABASE),both)

# Visitors by the hundred, and one web process killed meanwhile.
load: $(DEV_READY) $(MO)
	@$(BIN)/python -m tests.load

faults: $(DEV_READY)
	@$(BIN)/python -m tests.faults

mutants: $(DEV_READY)
	@$(BIN)/python -m tests.mutants

pictures: $(DEV_READY)
	@$(BIN)/python -m tests.browser.pictures

# The pictures of steps that the help shows.
help-pictures: $(DEV_READY)
	@$(BIN)/python -m tests.browser.help_pictures

# What Lighthouse says of the main pages; it comes from npm, into var/.
lighthouse: $(DEV_READY)
	@$(BIN)/python -m tests.browser.lighthouse

# Each catalogue brought up to date with the texts in the code.
messages: $(DEV_READY)
	@$(BIN)/python -m tests.words.catalogue

%.mo: %.po | $(RUN_READY)
	$(BIN)/pybabel -q compile -i $< -o $@

clean:
	rm -rf .venv var .pytest_cache .ruff_cache .mypy_cache .hypothesis

$(RUN_READY): requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEMO_READY): $(RUN_READY) requirements-demo.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-demo.txt
	@touch $@

$(DEV_READY): $(DEMO_READY) requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
