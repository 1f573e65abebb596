# Thin: installers/set_up.sh prepares the machine for a target, the programs do the rest.
.DEFAULT_GOAL := help
.PHONY: help demo tour test lint soak bench
PREPARE = @sh installers/set_up.sh $@
BOOKINGS ?=
MINUTES ?= 60

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

demo: ## the practice studio with the desktop (without a display: the tour)
	$(PREPARE)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; \
	then exec .venv/bin/daybook-server practice --desktop; else exec .venv/bin/python -m tests.journeys.tour; fi

tour: ## the whole job for every row of a CSV of bookings: make tour BOOKINGS=path.csv
	$(PREPARE)
	@.venv/bin/python -m tests.journeys.tour $(if $(BOOKINGS),"$(BOOKINGS)")

test: ## every check and every test, under ten minutes
	$(PREPARE)
	@.venv/bin/python -m tests

lint: ## style, types and arrows only
	$(PREPARE)
	@.venv/bin/python -m tests lint

soak: ## the simulator for MINUTES=60
	@test -d tests/simulator || { echo "The simulator is not built yet."; exit 1; }
	$(PREPARE)
	@.venv/bin/python -m tests.simulator $(MINUTES)

bench: ## figures beside their baselines
	$(PREPARE)
	@.venv/bin/python -m tests.bench
