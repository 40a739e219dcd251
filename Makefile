# make warehouse: set up, build, test, export, render, publish.
# make test: set up, lint, dbt data and unit tests, pytest.
# make check: linters, types and the tests that build nothing, in less than a minute.
# make test-breaks: break each formula and safeguard on purpose; each must be noticed.
# make test-faults: kill 200 refreshes at random moments under readers, build 300
#   workspaces drawn at random, land 1,200 damaged files and bombs; two hours and a half.
# make lock: renew the lock files from pyproject.toml.

# what Python compiles is kept: most of what is installed is never imported, and what is
# one process compiles for all
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
BIN := .venv/bin
LINT := .venv-lint/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header

.PHONY: warehouse test check test-breaks test-faults lint lock clean

warehouse: .venv/ready
	@$(BIN)/coupling refresh

test: .venv/ready-to-test .venv-lint/ready
	@$(BIN)/python tests/run_all.py

check: .venv/ready-to-test .venv-lint/ready
	@$(BIN)/python tests/run_all.py --quick

test-breaks: .venv/ready-to-test
	@$(BIN)/python tests/run_breaks.py

test-faults: .venv/ready-to-test
	@$(BIN)/pytest tests/python/refresh/test_publish.py tests/python/refresh/test_refresh.py
	@$(BIN)/python tests/run_faults.py
	@$(BIN)/python tests/run_workspaces.py
	@$(BIN)/python tests/run_damaged.py

lint: .venv-lint/ready
	@$(LINT)/ruff check .
	@$(LINT)/ruff format --check .
	@$(LINT)/python tests/lint_sql.py lint --disable-progress-bar models tests/generic tests/singular macros
	@$(LINT)/python tests/lint_sql.py lint --disable-progress-bar --templater placeholder reports/queries
	@$(LINT)/mypy --python-executable $(BIN)/python

.venv/ready: requirements.lock pyproject.toml
	@echo "Setting up the environment from requirements.lock ..."
	@test -x $(BIN)/uv || { $(PYTHON) -m venv .venv && $(BIN)/pip install --quiet uv==$(UV_VERSION); }
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-to-test: requirements-test.lock .venv/ready
	@echo "Setting up what tests need from requirements-test.lock ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-test.lock
	@touch $@

.venv-lint/ready: requirements-lint.lock .venv/ready
	@echo "Setting up the linters from requirements-lint.lock ..."
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-lint
	@$(BIN)/uv pip install --quiet --python $(LINT)/python --require-hashes -r requirements-lint.lock
	@touch $@

lock: .venv/ready
	@$(COMPILE) --extra test --extra bi -o requirements-test.lock pyproject.toml
	@$(COMPILE) --constraint requirements-test.lock -o requirements.lock pyproject.toml
	@$(COMPILE) --group lint -o requirements-lint.lock

clean:
	@rm -rf .venv .venv-lint target logs warehouse reports/site
