# Every chore of this project; `make help` lists them.
# Needs Python 3.11 or newer. PYTHON=/path/to/python3 names one that is not found by itself.
.POSIX:
.SUFFIXES:
.NOTPARALLEL:
.PHONY: help practice run tour pictures sentences test test-quick test-fresh test-kill test-faults lint types bench package package-linux \
	package-windows package-scan package-test package-test-windows package-bench lock clean display system-run system-test system-package system-windows \
	system-fresh-test system-debian-test system-windows-test

BIN = .venv/bin

help: ## List the chores
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 28

practice: system-run .venv/practice.stamp ## Open the window on the practice pool: no AWS account, nothing leaves this computer
	@if packaging/bootstrap display 2>/dev/null; then $(BIN)/confirmdesk --practice; else \
		echo "There is no display for a window: here is a tour of the practice pool off screen."; $(BIN)/python tests/tour/run.py; fi

run: display system-run .venv/practice.stamp ## Open the window
	@$(BIN)/confirmdesk

tour: system-run .venv/practice.stamp ## Do the main job on the practice pool off screen, with pictures in build/tour
	@$(BIN)/python tests/tour/run.py $(ARGS)

pictures: tour ## Take the pictures of the README anew
	@cp build/tour/04-metadata-light.png packaging/pictures/main-light.png
	@cp build/tour/04-metadata-dark.png packaging/pictures/main-dark.png

test: system-test .venv/dev.stamp ## Run every test, without a display (ARGS=tests/core for some of them)
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(ARGS)

test-quick: system-test .venv/dev.stamp ## Run what needs no process of its own, while you write (CONTRIBUTING.md tells what is left out)
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q --quick $(ARGS)

test-fresh: system-fresh-test ## Run practice and test in fresh Debian systems (as root; ARGS=--fresh makes them anew)
	@packaging/test/newcomer.py $(ARGS)

test-kill: system-test .venv/dev.stamp ## Kill the program in a campaign, let two loose on one ledger, remove it: is anybody mailed twice?
	@QT_QPA_PLATFORM=offscreen $(BIN)/python tests/kill/run.py $(ARGS)

sentences: system-test .venv/dev.stamp ## Write the table of sentences in ADMINISTRATORS.md anew, from what the tests are told
	@WRITE_SENTENCES=1 $(BIN)/python -m pytest -q tests/core/cognito/test_broken_setups.py

test-faults: system-test .venv/dev.stamp ## Print the table of faults: how many were hit, mailed twice, told wrong
	@$(BIN)/python tests/faults/run.py

lint: .venv/dev.stamp ## Check style and formatting
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: .venv/dev.stamp ## Check types
	@$(BIN)/mypy

bench: system-test .venv/dev.stamp ## Measure speed and memory against the budgets
	@QT_QPA_PLATFORM=offscreen $(BIN)/python tests/bench/run.py

package: package-linux package-windows package-scan ## Make all packages that can be made on Linux, in dist/

package-linux: system-package build/venv/tools.stamp ## Make the wheel, the .deb and the .rpm, and look whether they work
	@build/venv/bin/python packaging/package.py wheel check-wheel linux check-linux scan

package-windows: system-windows build/venv/tools.stamp ## Make the installer and the .msi for Windows
	@build/venv/bin/python packaging/package.py wheel windows

package-scan: build/venv/tools.stamp ## Look through the packages for what has no business there
	@build/venv/bin/python packaging/package.py scan

package-test: system-debian-test ## Install the .deb in fresh Debian systems and drive it (as root; some minutes)
	@packaging/test/debian.py $(ARGS)

package-test-windows: system-windows-test build/venv/tools.stamp ## Install the Windows packages under wine and drive them
	@packaging/test/windows

package-bench: .venv/dev.stamp ## Time the start of what package-linux froze against the start from source
	@python3 packaging/test/start.py build/linux/confirmdesk/confirmdesk $(BIN)/confirmdesk

lock: build/venv/tools.stamp ## Take up the newest versions of what ships and of the packaging tools
	@build/venv/bin/python packaging/package.py lock

clean: ## Remove what the other chores made
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find gui tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +

display:
	@packaging/bootstrap display

system-run:
	@packaging/bootstrap run

system-test:
	@packaging/bootstrap test

system-package:
	@packaging/bootstrap package

system-windows:
	@packaging/bootstrap windows

system-fresh-test:
	@packaging/bootstrap fresh-test

system-debian-test:
	@packaging/bootstrap debian-test

system-windows-test:
	@packaging/bootstrap windows-test

build/venv/tools.stamp: packaging/requirements/tools.lock
	@echo "Installing the packaging tools into build/venv."
	@packaging/bootstrap build
	@build/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r packaging/requirements/tools.lock
	@touch $@

.venv/practice.stamp: pyproject.toml
	@packaging/bootstrap venv
	@echo "Installing Confirmdesk and its practice pool into .venv; the first time this takes a minute or two."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[practice]'
	@touch $@

.venv/dev.stamp: pyproject.toml
	@packaging/bootstrap venv
	@echo "Installing Confirmdesk and its tools into .venv; the first time this takes a minute or two."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ .venv/practice.stamp
