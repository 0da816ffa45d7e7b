# Thin names for the commands behind them. ARGS is passed on:  make test ARGS="tests/unit -k numbers"

.DEFAULT_GOAL := help
.PHONY: help setup run test soak bench lighthouse lint train picture pictures requirements image image-test image-cuts

bin := .venv/bin

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## make this checkout ready: Debian packages, pjproject, .venv, npm packages, voices
	@image/setup/setup.sh >&2

run: setup ## start everything on this machine and dial a sample campaign
	@$(bin)/strowger run $(ARGS)

test: setup ## the whole test suite
	@tests/run.sh $(ARGS)

soak: setup ## the long tests: 50 kills in one run, 1,000 calls with every end a call can have
	@STROWGER_KILLS=50 STROWGER_CALLS=1000 $(bin)/python -m pytest tests/peers $(ARGS)

bench: setup ## measure: call rate, bridged calls, store latencies
	@$(bin)/python -m tests.bench $(ARGS)

lighthouse: setup ## fetch Lighthouse into build/lighthouse and judge the pages as a telephone sees them
	@test -x build/lighthouse/node_modules/.bin/lighthouse || \
	  npm install --silent --no-fund --no-audit --prefix build/lighthouse lighthouse@12.8.2 >&2
	@$(bin)/python -m tests.bench bench_pages $(ARGS)

lint: setup ## ruff and mypy
	@$(bin)/ruff check .
	@$(bin)/ruff format --check .
	@$(bin)/mypy

train: setup ## train the answering machine model anew: POOL=DIRECTORY
	@dsp/training/train.sh --pool "$(POOL)" $(ARGS)

picture: setup ## take the picture of the dashboard anew
	@STROWGER_PICTURE=tests/web/dashboard.png $(bin)/python -m pytest tests/web/test_a_working_day.py -k sample

pictures: setup ## photograph every page into build/pictures, in both languages, two widths, light and dark
	@$(bin)/python -m tests.web.pictures $(ARGS)

requirements: setup ## which requirements no passing test covers
	@$(bin)/python -m tests.requirements $(ARGS)

image: ## build the flashable image and its update bundle into build/image; BOARD=arm64: for a Raspberry Pi
	@image/build.sh $(or $(BOARD),amd64) $(ARGS)

image-test: ## boot the image in QEMU, update it, give it versions that do not work
	@image/test.sh $(or $(BOARD),amd64) $(ARGS)

image-cuts: ## pull the plug of the image in QEMU, ARGS times (default: 20)
	@image/test.sh amd64 cuts$(if $(ARGS),=$(ARGS))
