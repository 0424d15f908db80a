# Everything here works with Python 3.11 or 3.12 (with venv) and make: no root, Docker, Redis, ffmpeg or Node needed.
PYTHON ?= python3
RUN = $(PYTHON) scripts/bootstrap.py run
DEVELOP = $(PYTHON) scripts/bootstrap.py develop
BENCH = $(PYTHON) scripts/bootstrap.py bench

.PHONY: help run test lint bench screenshots lock clean

help:
	@echo 'make run          install what is missing and run Verbatim (PORT, DATA_DIR, ADMIN_EMAIL, ADMIN_PASSWORD)'
	@echo 'make test         lint, then the tests but the long proofs (PYTEST="-k words" for some of them, "-m long" for those)'
	@echo 'make lint         ruff, mypy, djlint, the import contracts'
	@echo 'make bench        the figures of this machine (FIGURES="live relay" for some of them)'
	@echo 'make screenshots  screenshots of the pages, into screenshots/'
	@echo 'make lock         pin the dependencies again (needs uv and npm)'
	@echo 'make clean        remove what was installed and built; data stays'

run:
	@exec $(RUN) python -m project.supervision

test: lint
	@exec $(DEVELOP) python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder -m "not long" $(PYTEST)

lint:
	@exec $(DEVELOP) sh scripts/lint.sh

bench:
	@exec $(BENCH) python -m bench $(FIGURES)

screenshots:
	@exec $(DEVELOP) python -m pytest tests/browser --screenshots=screenshots $(PYTEST)

lock:
	@exec sh scripts/lock.sh

clean:
	rm -rf .venv node_modules static/build bench-results .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
