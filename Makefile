PYTHON ?= python3
VENV ?= .venv
ADDRESS ?= 127.0.0.1:8000
EXTRAS := debug-toolbar,prometheus,redis
BIN := $(VENV)/bin
MANAGE := $(BIN)/python sample_site/manage.py
export VIRTUAL_ENV := $(abspath $(VENV))
unexport PYTHONHOME

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench build wheel wheels clean

help: ## what there is to make
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

demo: build ## the sample site with its data, compared, then served on http://127.0.0.1:8000/
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) load_sample_data
	$(MANAGE) compare
	$(MANAGE) runserver --noreload $(ADDRESS)

test: build ## the whole suite, Rust and Python, on this interpreter
	cargo test --package djust-syntax --quiet
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: build ## ruff, mypy --strict, stubtest, rustfmt and clippy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict djust_engine
	$(BIN)/python -m mypy.stubtest djust_engine._native --mypy-config-file setup.cfg --allowlist tests/stubtest_allowed.txt
	$(BIN)/python docs/reasons.py --check
	cargo fmt --all --check
	PYO3_PYTHON=$(abspath $(BIN)/python) cargo clippy --workspace --all-targets -- -D warnings

bench: build ## ratios against Django, side by side, outputs compared first
	$(BIN)/python -m benchmarks

build: $(VENV)/.ready ## the extension, into the checkout
	$(BIN)/maturin develop --release --quiet --extras $(EXTRAS)

wheel: $(VENV)/.ready ## a wheel in dist/
	$(BIN)/maturin build --release --out dist

$(VENV)/.ready: pyproject.toml
	@command -v cargo >/dev/null || { echo "No cargo on the PATH: install a Rust toolchain first." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11: say make PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

wheels: $(VENV)/.ready ## the sdist and a manylinux wheel for each interpreter at hand, each tried without Rust
	$(BIN)/python -m pip install --quiet --group wheels
	PATH="$(abspath $(BIN)):$$PATH" scripts/wheels dist

clean: ## removes what was built and installed
	rm -rf $(VENV) .tox target dist .mypy_cache .pytest_cache .ruff_cache djust_engine/_native.*.so
