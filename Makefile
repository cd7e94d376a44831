# Two commands: `make run` and `make test`. Both make .venv at their first call; the README has the same as plain commands.
.POSIX:
.SUFFIXES:
.PHONY: help run demo check test tables constraints clean

VENV = .venv
BIN = $(VENV)/bin
STAMP = $(VENV)/.installed
# `make run PYTHON=/path/to/python3.12` overrules the search.
PYTHON =

help:
	@echo 'make run          run the service on config.yaml; Ctrl-C ends it'
	@echo 'make demo         see it work for half a minute, without network and configuration'
	@echo 'make check        read config.yaml and rules/, and name every mistake'
	@echo 'make test         lint, check types, and run the tests'
	@echo 'make tables       look up the word forms of rules/ anew, for those who change the shipped rules'
	@echo 'make constraints  write constraints.txt anew from pyproject.toml (needs the network)'
	@echo 'make clean        remove .venv and what tools left behind; the store stays'

run: $(STAMP)
	@exec $(BIN)/wirewatch run

demo: $(STAMP)
	@exec $(BIN)/wirewatch demo

check: $(STAMP)
	@exec $(BIN)/wirewatch check

test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --cov

# The stamp is newer than both files as long as there is nothing to install.
$(STAMP): constraints.txt pyproject.toml
	@found= ; usable= ; \
	for name in $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3; do \
	    "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
	    found=$${found:-$$name}; \
	    if "$$name" -c 'import ensurepip, venv' >/dev/null 2>&1; then usable=$$name; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo 'wirewatch needs Python 3.11 or newer, and none was found.' >&2; \
	    echo 'Install it, or name it: make run PYTHON=/path/to/python3' >&2; exit 1; \
	fi; \
	if [ -z "$$usable" ]; then \
	    echo "$$found can't make a virtual environment: a part of it is missing." >&2; \
	    echo 'On Debian and Ubuntu, type: sudo apt install python3-venv' >&2; \
	    echo 'Then type the command again.' >&2; exit 1; \
	fi; \
	if ! $(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    echo "Making $(VENV) with $$usable; this takes a minute or two, once." >&2; \
	    rm -rf $(VENV) && "$$usable" -m venv $(VENV) || exit 1; \
	fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

tables: $(STAMP)
	@$(BIN)/python -m bot.tables

# uv can pin for every system and Python at once; it is needed for this only, and so lives in a folder of its own.
constraints: $(STAMP)
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(BIN)/python -m venv "$$folder/venv" && \
	"$$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check uv && \
	echo '# Made by `make constraints` from pyproject.toml: exact versions with hashes for every system and Python >= 3.11.' \
	    > "$$folder/constraints.txt" && \
	"$$folder/venv/bin/uv" pip compile --quiet --universal --generate-hashes --all-extras --upgrade --python-version 3.11 \
	    --no-header --no-annotate --no-emit-index-url pyproject.toml >> "$$folder/constraints.txt" && \
	cp "$$folder/constraints.txt" constraints.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
