# `make run` and `make test` are all that a newcomer needs; everything else is `.venv/bin/forecourt --help`.
.PHONY: run test setup check proof bench audit lock vendor

run: setup
	@# The demo is on by itself only for our own brand on this machine's own addresses.
	@FORECOURT_DEMO="$${FORECOURT_DEMO-$$([ -z "$$FORECOURT_HOSTS$$FORECOURT_BRAND" ] && echo 1 || echo 0)}" \
		exec .venv/bin/forecourt run

test: setup
	@bin/chromium
	.venv/bin/pytest -n 2 --dist loadfile

setup:
	@bin/setup

check: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/forecourt policy check

proof: setup
	@bin/chromium
	.venv/bin/forecourt proof mutants

# `make bench only=race` measures one thing.
bench: setup
	.venv/bin/forecourt bench $(if $(only),--only $(only))

# `make audit only=html` leaves Lighthouse out; both come from npm, see tools/audit.py.
audit: setup
	.venv/bin/python tools/audit.py $(if $(only),--only $(only))

# After a change of dependencies in pyproject.toml; `make lock upgrade=1` takes the newest of everything.
lock:
	.venv/bin/uv pip compile pyproject.toml --group dev --generate-hashes --python-version 3.11 --universal --no-header \
		$(if $(upgrade),--upgrade) --quiet --output-file requirements.lock

# Fetches the browser's files that vendor.toml pins, and compares their hashes.
vendor: setup
	.venv/bin/python tools/vendor.py
