# School Safety (校安). `make run` serves a demo city; `make test` runs every check; `make bench` measures.
# PORT=8010 make run serves on another port; PYTHON=/path/to/python3.12 chooses the Python.

.DEFAULT_GOAL := run
.PHONY: run test bench lock messages clean
export PYTHONUNBUFFERED := 1

# The first Python that is new enough, by asking it.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$p && break; done)
NEED_PYTHON = @test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: apt-get install python3"; exit 1; }

run:
	$(NEED_PYTHON)
	@exec $(PYTHON) -m scripts.set_up run

test:
	$(NEED_PYTHON)
	@$(PYTHON) -m scripts.set_up test
	@exec .venv/bin/python -m scripts.check

bench:
	$(NEED_PYTHON)
	@$(PYTHON) -m scripts.set_up test
	@exec .venv/bin/python -m bench

# After a change of the dependencies in pyproject.toml. The locks name no registry (docs/decisions/0001).
COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --no-annotate
lock:
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

messages:
	.venv/bin/python manage.py messages

# Keeps the environment; throws away the database, the uploads, the fonts and every other thing made here.
clean:
	rm -rf var
