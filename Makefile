PY = .venv/bin/python

# Where this is set, each of the hundred processes that the tests start would compile all of our code anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup lint test soak mutation local demo demo-once lock audit docs

setup:
	@python3 local/setup.py

lint: setup
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-cache

test: lint
	$(PY) -m pytest -n 4 --dist worksteal -m "not alone"
	$(PY) -m pytest -m alone

local: setup
	$(PY) -m local.run

demo: setup
	$(PY) -m local.demo

demo-once: setup
	$(PY) -m local.demo --once

lock: setup
	$(PY) -m uv pip compile -q pyproject.toml -o requirements.txt --python-version 3.13 --no-header --no-emit-index-url --no-emit-find-links
	$(PY) -m uv pip compile -q pyproject.toml --group dev -c requirements.txt -o local/requirements.txt --python-version 3.13 --no-header --no-emit-index-url --no-emit-find-links

audit: setup
	$(PY) -m pip_audit --requirement requirements.txt --disable-pip --no-deps

docs: setup
	$(PY) -c "from shared.settings import documentation; print(documentation(), end='')" > docs/settings.md

# Which mutants of shared/core the tests let live: docs/mutation.md. MUTATION_JOBS of them at a time.
mutation: setup
	$(PY) -m tests.mutation

# The long profiles: 20,000 edits with faults, every planted defect, kills, 3000 work items, mutants. Not part of `make test`.
soak: setup
	A_ROUND=200 $(PY) -m tests.machine.soak
	MODES=hooks,audit,find,sweep EDITS=4000 SEEDS=8 A_ROUND=20 FIRST_SEED=201 $(PY) -m tests.machine.soak
	PLANTED=all $(PY) -m pytest -q -n 2 tests/planted --timeout 600
	HYPOTHESIS_PROFILE=soak $(PY) -m pytest -q -n 2 tests/core/test_decide_properties.py tests/core/test_merge.py --timeout 1200
	CASES=2000 $(PY) -m pytest -q tests/functions/test_openapi.py --timeout 1200
	ALL_POSITIONS=1 $(PY) -m pytest -q -n 2 tests/sync/test_switches.py tests/sync/test_life_switches.py
	KILLS=20 $(PY) -m pytest -q -s tests/sync/test_kills.py tests/connections/test_kills.py --timeout 1200
	BULK=500 $(PY) -m pytest -q -s tests/feeds/test_by_itself.py --timeout 1200
	SIZE=3000 RATE_SCALE=10 $(PY) -m local.demo --once
	$(PY) -m tests.mutation
