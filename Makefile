# Verbs only. Everything runs in .venv, which the first verb sets up.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
COURSE := _grading
RELEASED := $(COURSE)/.released
# 0 leaves the worked exercises out of the book.
SOLUTIONS ?= 1
TOC := book/_toc$(if $(filter 0,$(SOLUTIONS)),-without-solutions).yml
export PYTHONPATH := solutions

.PHONY: help setup course test book exercises fingerprints sample verify bench gpu hub lint format clean

help: ## list the verbs
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(READY) ## make .venv with everything in it

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; name one with make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --prefer-binary --constraint constraints.txt --editable '.[grader,book,translation,cluster,hub,dev]'
	$(BIN)/python -m pip check
	touch $@

course: exercises book sample ## exercises, book, and the sample class graded
	@echo
	@echo "Read the book:      book/_build/html/index.html"
	@echo "Read some feedback: $(COURSE)/feedback/swapped-gates/04-lstm/lstm.html"

test: $(READY) ## every test, a process a core, the tests of a file in one
	$(BIN)/python -m pytest -n auto --dist loadfile

book: $(READY) $(TOC) ## the book, warnings as errors; SOLUTIONS=0 leaves those out
	$(if $(filter 0,$(SOLUTIONS)),rm -rf book/_build/html/solutions book/_build/html/_sources/solutions)
	$(BIN)/jupyter-book build book -W -n --keep-going --toc "$(CURDIR)/$(TOC)"

book/_toc-without-solutions.yml: book/_toc.yml
	sed '/^  # make book SOLUTIONS=0/,$$d' $< > $@

exercises: $(RELEASED) ## exercises from solutions

$(RELEASED): $(READY) $(wildcard solutions/*/*.md) autograder/grade_on_colab.md autograder/src/autograder/release.py
	$(BIN)/autograder release --course $(COURSE)
	touch $@

fingerprints: $(READY) ## the numbers of the catalogued mistakes
	$(BIN)/python -m reference.fingerprint

sample: exercises ## grade the sample class and compare with what is expected
	$(BIN)/python tests/submissions/sample.py $(COURSE)

verify: $(READY) ## the course proves itself
	$(BIN)/autograder verify

bench: $(READY) ## stock nbgrader and this grader in turn
	$(BIN)/python -W ignore tests/bench/bench.py

gpu: ## references, checks and solutions on CUDA; needs torch, numpy, matplotlib and pytest
	PYTHONPATH=solutions:autograder/src $(if $(wildcard $(BIN)/python),$(BIN)/python,$(PYTHON)) -m pytest tests/gpu

hub: $(READY) ## a class hub on this machine, to try it out
	autograder/hub/run

lint: $(READY) ## ruff, lint and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(READY) ## let ruff mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## everything derived but .venv
	rm -rf book/_build $(COURSE) dist
