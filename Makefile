# `make lab` and `make test` need Python 3.11 or newer and nothing else; what is missing is set up on the way.
#
#   lang=zh                    the course in Chinese (else in the language of the system)
#   browser=no                 print JupyterLab's address instead of opening it
#   dir=FOLDER                 where the student's notebooks are kept (else ./workspace)
#   PYTHON=python3.12          which Python to take (else the first that fits)
#   VENV=FOLDER                where its environment stands (else ./.venv)
#
# Written for GNU make 3.81, which macOS still ships.

SHELL := /bin/sh
VENV ?= .venv
PYTHON ?=
lang :=
browser :=
dir := workspace
workers := 2
cell_timeout := 180

bin := $(VENV)/bin
python := $(bin)/python
installed := $(VENV)/.installed
tested := $(VENV)/.installed-for-tests
warmed := $(VENV)/.warmed
candidates := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)
in_language := $(if $(lang),--lang $(lang))
notebooks := $(wildcard notebooks/en notebooks/zh solutions/en solutions/zh)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help lab grader hall test test-code test-browser test-notebooks build lint format peers bench clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'

lab: $(warmed) ## open the course in JupyterLab (lang=zh for Chinese)
	$(bin)/rgteach lab "$(dir)" $(in_language) $(if $(filter no,$(browser)),--no-browser)

grader: $(warmed) ## install what an instructor needs to grade (Linux: bubblewrap too, from the system)
	$(call install,.[zh$(comma)grade])
	@command -v bwrap >/dev/null 2>&1 || echo "bubblewrap is missing: apt install bubblewrap (Debian, Ubuntu)"

hall: $(warmed) ## install what presenting and exporting a lesson need
	$(call install,.[zh$(comma)present])

test: test-code test-browser test-notebooks ## run every test, as the server does

test-code: $(tested) $(warmed) ## the tests of the code and the examples in its docstrings
	$(python) -m pytest -m "not browser" -n $(workers) --dist loadfile

test-browser: $(tested) $(warmed) ## labs in a real JupyterLab in headless Chromium, and what a screen reader meets
	$(python) -m pytest -m browser -n $(workers) --dist loadfile tests/test_*browser*.py tests/test_accessibility.py

test-notebooks: $(tested) $(warmed) ## every lesson and solution, run from the top by a Python that may not leave this machine
ifneq ($(notebooks),)
	PYTHONPATH="$(CURDIR)/tests/offline" $(python) -m pytest -n $(workers) --dist loadfile \
	    --nbval-lax --nbval-current-env --nbval-cell-timeout=$(cell_timeout) $(notebooks)
endif

build: $(tested) ## make every notebook from its page
	$(bin)/rgteach build

lint: $(tested) ## check the form of the code and who imports whom
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/lint-imports --no-logo

format: $(tested) ## bring the code into form
	$(bin)/ruff check --fix
	$(bin)/ruff format

peers: $(tested) ## install glmnet, celer and PyRadiomics, to compare our numbers with (the last: Python 3.11, a C compiler)
	-$(python) -m pip install --quiet --disable-pip-version-check --only-binary :all: python-glmnet celer
	$(python) -m pip install --quiet --disable-pip-version-check cython setuptools versioneer wheel
	$(python) -m pip install --quiet --disable-pip-version-check --no-build-isolation pyradiomics==3.0.1

bench: $(tested) $(warmed) ## time the core beside its peers (minutes)
	$(python) -m benchmarks.features
	$(python) -m benchmarks.stats

clean: ## remove the environment and the caches, never a student's notebook
	[ ! -e "$(VENV)/pyvenv.cfg" ] || rm -rf "$(VENV)"
	rm -rf build dist screenshots .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find benchmarks rgteach tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Each step leaves a stamp behind, so that the next call starts at once.

$(warmed): $(installed) $(wildcard rgteach/core/*.py)
	$(bin)/rgteach doctor --warm $(in_language) && touch $@ || true

$(tested): pyproject.toml | $(python)
	$(call install,.[test$(comma)itk$(comma)zh])
	@touch $(installed) $@

$(installed): pyproject.toml | $(python)
	$(call install,.[zh])
	@touch $@

# A virtual environment with the first Python that fits; uv makes one where Debian's python3-venv is missing.
$(python):
	@fits='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))'; \
	for py in $(candidates) none; do "$$py" -c "$$fits" 2>/dev/null && break; done; \
	if [ "$$py" = none ]; then \
	    echo "No Python 3.11 to 3.14 was found (looked for: $(candidates))."; \
	    echo "  Why: rgteach and the libraries under it need one."; \
	    echo "  Try: install it (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python)"; \
	    echo "       or name yours: make lab PYTHON=/path/to/python3.12"; \
	    echo "没有找到 Python 3.11 至 3.14。请先安装，或指明位置：make lab PYTHON=/path/to/python3.12"; \
	    exit 1; \
	fi; \
	echo "Setting up $(VENV) with `$$py --version`; once: a minute or two, 1.1 GB."; \
	if command -v uv >/dev/null 2>&1; then uv venv --quiet --allow-existing --python "$$py" "$(VENV)" && exit 0; fi; \
	if ! "$$py" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "`command -v $$py` cannot make a virtual environment."; \
	    echo "  Why: its modules venv and ensurepip are packaged apart on some systems."; \
	    echo "  Try: apt install python3-venv (Debian, Ubuntu), or another Python: make lab PYTHON=…"; \
	    echo "这个 Python 不能建立虚拟环境。请先安装 python3-venv（Debian、Ubuntu）。"; \
	    exit 1; \
	fi; \
	"$$py" -m venv "$(VENV)"

# Editable, so that `git pull` is all an update takes; compiled now, so that the first notebook does not wait.
# uv trusts the certificates of the system, as pip does (hospitals have proxies); where it still cannot, pip does it.
comma := ,
define install
@if command -v uv >/dev/null 2>&1 && UV_NATIVE_TLS=1 UV_SYSTEM_CERTS=1 \
    uv pip install --compile-bytecode --python $(python) -e '$(1)'; then :; else \
    { $(python) -m pip --version || $(python) -m ensurepip; } >/dev/null 2>&1; \
    $(python) -m pip install --disable-pip-version-check -e '$(1)'; \
fi && $(python) -m compileall -q rgteach
endef
