# The commands of this project. Nothing but python3 (>= 3.11) and make is needed; everything goes into .venv.
PYTHON ?= python3
BIN := .venv/bin
SETUP := $(PYTHON) -P src/yiwang/runtime/bootstrap.py
.DEFAULT_GOAL := help
TESTED := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/build/pycache $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder
.PHONY: help setup run test lint unit whole bench docs lock clean
.NOTPARALLEL:

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

setup: ## install into .venv, so that .venv/bin/yiwang works
	@$(SETUP)

run: ## start the whole center with its demo city; Ctrl-C stops it (ARGS="--port 8080")
	@$(SETUP)
	@exec $(BIN)/yiwang run $(ARGS)

test: ## everything: style, types, borders, unit, property, journey and browser tests
	@$(SETUP) --dev --distribution
	@$(MAKE) --no-print-directory lint unit

lint: ## style (ruff), types (mypy), borders between packages (import-linter)
	@$(SETUP) --dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: ## the tests without the style checks (ARGS="-k name")
	@$(SETUP) --dev
	$(TESTED) $(ARGS)

whole: ## all tests, with the colours of every text and fifty rounds of faults (half an hour)
	@$(SETUP) --dev --distribution
	YIWANG_TEST_WHOLE=1 YIWANG_FAULT_ROUNDS=50 $(TESTED) $(ARGS)

bench: ## measure; each figure beside its reference; writes bench/results.json
	@$(SETUP)
	@$(BIN)/yiwang bench $(ARGS)

docs: ## write the generated pages of docs/generated
	@$(SETUP)
	@$(BIN)/yiwang docs $(ARGS)

lock: ## resolve the packages anew and write the hash-locked lists
	@test -x $(BIN)/uv || $(SETUP) --dev
	@set -e; for kind in "requirements:--group build" "requirements-dev:--group build --group dev"; do \
	  $(BIN)/uv pip compile pyproject.toml --extra embedded $${kind#*:} --universal --python-version 3.11 --upgrade \
	    --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet \
	    --output-file $${kind%%:*}.txt; \
	  sed -i '1i # Locked by "make lock". Every file must have one of its hashes; no address is named here.' $${kind%%:*}.txt; \
	done

clean: ## remove what was built; keeps .venv and the data folder var
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache src/yiwang/ui/static/build
