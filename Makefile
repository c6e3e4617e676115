# Each target does its own set-up on a fresh machine with Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Build environments obey the exact versions as well.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test thorough check directory accuracy bench soak faults screenshot fuzz install clean

demo: $(VENV)/.lab
	$(BIN)/headend demo

test: $(VENV)/.dev
	$(BIN)/pytest -n auto --dist loadgroup

# Everything, also what is one of many like it: half an hour on two cores.
thorough: $(VENV)/.dev
	$(BIN)/pytest -n auto --dist loadgroup -m "thorough or not thorough"

check: $(VENV)/.dev
	$(BIN)/ruff format --check tasks tests
	$(BIN)/ruff check tasks tests
	$(BIN)/mypy

# How often the diagnosis agrees with labelled captures; SHOW=--failures lists where it does not.
accuracy: $(VENV)/.dev
	PYTHONPATH=tests $(BIN)/python -m accuracy $(SHOW)

# Lines per second beside the stock engine, and sessions beside other SSH clients; EXTENT=--quick
# for a look, PART=reading, PART=survey or PART=sessions for one of them.
bench: $(VENV)/.bench
	PYTHONPATH=tests $(BIN)/python -m bench --json bench.json $(EXTENT) $(if $(PART),--part $(PART))

# Memory and lines of one long investigation: a few lines a second, then a flood.
SOAK_MINUTES ?= 30
FLOOD_MINUTES ?= 5
soak: $(VENV)/.dev
	PYTHONPATH=tests $(BIN)/python -m bench.soak --json soak.json \
	    --minutes $(SOAK_MINUTES) --flood $(FLOOD_MINUTES)

# What may go wrong on the way to a headend and on it, at each step of a capture: prints the table.
faults: $(VENV)/.dev
	PYTHONPATH=tests $(BIN)/python -m faults

# The picture in the README: the page of the demo's incident.
screenshot: $(VENV)/.dev
	PYTHONPATH=tests $(BIN)/python -m report.screenshot docs/report.png

# Each fuzzing target for SECONDS; prints how many inputs were tried.
SECONDS ?= 60
fuzz: $(VENV)/.fuzz
	PYTHONPATH=tests $(BIN)/python -m fuzz $(SECONDS)

install: $(VENV)/.plain

# headend account needs OpenLDAP's library, which is built against its headers.
directory: $(VENV)/.directory

$(VENV)/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "headend needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.plain: $(VENV)/bin/pip pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/.lab: $(VENV)/bin/pip pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --editable '.[lab]'
	touch $@

$(VENV)/.dev: $(VENV)/bin/pip pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --editable '.[lab,dev]'
	touch $@ $(VENV)/.lab

# Two releases of scrapli are peers, and one environment holds only one of them.
$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/pip install --quiet --editable '.[lab,dev,bench]'
	PIP_CONSTRAINT= $(BIN)/pip install --quiet --no-deps --upgrade --target $(VENV)/peers scrapli==2026.2.20
	touch $@

$(VENV)/.directory: $(VENV)/.dev
	$(BIN)/pip install --quiet --editable '.[lab,dev,directory]'
	touch $@

$(VENV)/.fuzz: $(VENV)/.dev
	$(BIN)/pip install --quiet --editable '.[lab,dev,fuzz]'
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
