# Two commands do all: `make demo` shows the main job, `make test` proves it. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONUTF8 := 1

.PHONY: help install demo start test soak lint format build bench lock clean

help:
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

install: $(VENV)/.installed ## install exactly the lock into .venv

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { echo "Cần Python 3.11 đến 3.13 ($$($(PYTHON) --version 2>&1)). Chạy: sudo apt-get install -y python3 python3-venv, hoặc make PYTHON=/duong/dan/python3.12"; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Thiếu python3-venv. Chạy: sudo apt-get install -y python3-venv"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep -oE '^uv==[0-9.]+' requirements.lock)"
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: install ## 300 invented officials, graded, reported into out/
	@$(BIN)/hocvu demo --to out

start: install ## JupyterLab and the pages behind one URL
	@$(BIN)/hocvu start

test: install ## everything a merge needs, a real browser included
	@command -v chromium >/dev/null || { echo "Thiếu Chromium cho kiểm thử trình duyệt. Chạy: sudo apt-get install -y chromium"; exit 2; }
	@$(BIN)/python -m pytest

soak: install ## what takes longer than a merge may
	@$(BIN)/python -m pytest -m soak

lint: install ## ruff and the strict type checker
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: install
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

build: install ## notebooks from their sources
	@$(BIN)/hocvu build

bench: install ## prints its table and writes out/bench.json
	@$(BIN)/python -m benchmarks

lock: ## renew requirements.lock from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --group dev --python-version 3.11 --custom-compile-command "make lock" -o requirements.lock pyproject.toml

clean:
	@rm -rf out build $(VENV)
