# Two commands do everything on a fresh machine: `make book` and `make test`.
# They need Python 3.11, git, make and a C compiler; they install the rest.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
export PYTHONHASHSEED := 0
# PDFs carry no date of their own, so that two builds give the same bytes.
export SOURCE_DATE_EPOCH := 1764000000

.PHONY: help setup setup-test book site pdf test conformance check lab serve pins clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

setup: $(VENV)/.setup-stamp ## Make .venv and install what the book needs

$(VENV)/.setup-stamp: requirements.txt constraints.txt setup/system.sh
	@bash setup/system.sh book
	@test -x $(BIN)/python || $$(bash setup/python.sh "$(PYTHON)") -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

setup-test: $(VENV)/.setup-test-stamp ## Install what the tests need as well

$(VENV)/.setup-test-stamp: $(VENV)/.setup-stamp requirements-test.txt tests/node/package-lock.json
	@bash setup/system.sh test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@bash setup/node.sh $(abspath $(BIN))
	@touch $@

book: site pdf ## Build the website, the PDF editions, every form and the workshops
	@rm -rf _build/forms
	@$(BIN)/python -m tools export all --to xlsx,xlsform,html,txt --out _build/forms
	@rm -rf _build/workshop
	@$(BIN)/python -m tools workshop all --out _build/workshop > /dev/null
	@$(BIN)/python -m tools.sphinxext.downloads _build/html _build/guidepdf _build/forms _build/workshop
	@echo "The website is in _build/html (open _build/html/index.html); the PDF editions are in _build/html/downloads."

site: setup ## Build the website only
	@$(BIN)/jupyter-book build . -n -W --keep-going --quiet

pdf: site
	@$(BIN)/jupyter-book build . -n -W --keep-going --quiet --builder custom --custom-builder guidepdf

test: setup-test book ## Pass every check and test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/codespell
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile
	@$(BIN)/python tests/weight.py

conformance: setup-test book ## Compare every form with Python on many more answers (about half an hour)
	@CONFORMANCE=full $(BIN)/python -m pytest -q -s tests/browser/test_same_result.py tests/engines

check: setup-test ## Pass the quick checks only (no book, no browser)
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q -m "not book and not browser and not slow"

lab: setup ## Open JupyterLab on the notebooks; a click on a page opens it as one
	@PYTHONPATH="$(CURDIR)" JUPYTER_CONFIG_PATH="$(CURDIR)/setup/lab" $(BIN)/jupyter lab book

serve: ## Serve the built website on this machine only
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

pins: ## Write constraints.txt anew from what is installed
	@$(BIN)/python -m pip list --format=freeze --exclude pip --exclude setuptools --exclude wheel > constraints.txt

clean: ## Remove everything that was built
	@rm -rf _build
