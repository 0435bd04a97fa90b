# Every target makes what it needs, from Python alone.
#   make answer    the main job: prints the answers, writes report and tables to ytterby-out/
#   make test      all tests
#   make coverage  all tests with branch coverage, twice as slow
#   make lint      style, format, types, floors
#   make bench     benchmarks, printed
PYTHON ?= python3
CASE ?= central-asia
TESTS ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 RAYON_NUM_THREADS=1
PINNED := -c constraints.txt --build-constraint constraints.txt

.PHONY: answer test coverage lint format bench docs constraints clean

answer: $(VENV)/run.stamp
	$(BIN)/ytterby answer $(CASE)

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal $(TESTS)

coverage: $(VENV)/dev.stamp
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal --cov --cov-report=term $(TESTS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/dev.stamp
	for script in benchmarks/*.py; do $(ONE_THREAD) $(BIN)/python $$script || exit 1; done

docs: $(VENV)/dev.stamp
	$(BIN)/python tools/build_datapackage.py
	$(BIN)/python tools/build_docs.py
	$(BIN)/python tools/build_plausibility.py
	$(BIN)/python tools/build_model_tables.py
	$(BIN)/python tools/build_claims_tables.py
	$(BIN)/python tools/build_route_table.py
	$(BIN)/python tools/refresh_readme.py

constraints: $(VENV)/run.stamp
	$(BIN)/python tools/refresh_constraints.py

clean:
	rm -rf $(VENV) build dist ytterby-out .coverage .coverage.* htmlcov \
	    .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# What runs the program: enough for `make answer`.
$(VENV)/run.stamp: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "ytterby needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet -c constraints.txt --upgrade pip
	$(PIP) install --quiet $(PINNED) --editable .
	touch $@

# What tests and checks it.
$(VENV)/dev.stamp: $(VENV)/run.stamp
	$(PIP) install --quiet $(PINNED) --group dev --editable '.[df]'
	touch $@
