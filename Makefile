# The front door. Every target can be run again at any time.
.PHONY: help deps deps-dev build demo truth test test-browser screenshots test-presets soak check-library bench format format-check clean

SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

# What building and testing needs, and what only those who change the code need.
PACKAGES := g++ cmake ninja-build ccache libboost1.81-dev libboost-graph1.81-dev libboost-json1.81-dev libcli11-dev \
  libprotobuf-dev protobuf-compiler libfmt-dev libeigen3-dev librandom123-dev libsleef-dev libxxhash-dev libsodium-dev libssl-dev catch2 librapidcheck-dev libbenchmark-dev \
  libxml2-utils
PACKAGES_DEV := clang clang-format clang-tidy libclang-rt-14-dev
# DejaVu has letters that run from right to left. Node may have come from elsewhere than Debian.
PACKAGES_BROWSER := chromium fonts-liberation fonts-dejavu-core \
  $(shell command -v node >/dev/null || echo nodejs) $(shell command -v npm >/dev/null || echo npm)

# $(1): packages. Asks apt only for what is missing.
install = missing=$$(for p in $(1); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
  [ -z "$$missing" ] || { $(SUDO) apt-get update -q && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -q --no-install-recommends $$missing; }

help:
	@echo 'make demo          install what is missing, build, simulate the library, say where the reports are'
	@echo 'make truth         the same, and hold predictions against what was measured on real software'
	@echo 'make test          install what is missing, build, run every test but the long ones'
	@echo 'make test-browser  install Chromium and Node if missing, open reports in it; make screenshots: and renew the pictures in docs'
	@echo 'make test-presets  the tests under g++ -O0 and, with clang++, both sanitizers (threads: what has them); the results under clang++ -O3'
	@echo 'make check-library every scenario of the library in 30 seeds: do all expectations hold?'
	@echo 'make bench         speed, on this machine; PEERS=1: beside ns-3'
	@echo 'make format        format the code; make deps, deps-dev: only install packages'

deps:
	@$(call install,$(PACKAGES))

deps-dev: deps
	@$(call install,$(PACKAGES_DEV))

build: deps
	cmake --preset release
	cmake --build --preset release

DEPLOYMENTS := scenarios/library/deployments
DEMO := $(patsubst %,$(DEPLOYMENTS)/%.txtpb,standalone_pair clustered_pair active_active)
# One data center, and what the five seed texts propose.
COMPARED := $(patsubst %,$(DEPLOYMENTS)/%.txtpb,single_dc standalone_pair mirrored_repositories active_active \
  master_and_read_only cross_published)

# A missed target is a finding (exit code 1), not a failure of the demo.
demo: build
	build/release/parallax run $(DEMO) --seeds 3 --jobs 0 --out parallax-out || [ $$? -eq 1 ]
	build/release/parallax compare $(COMPARED) --seeds 12 --jobs 0
	@echo
	@echo "Open in a browser: $(CURDIR)/parallax-out/index.html"
	@echo "              and: $(CURDIR)/parallax-out/compare/compare.html"

# Rows that are outside are findings (exit code 1) with their reasons, not failures.
truth: build
	build/release/parallax truth || [ $$? -eq 1 ]
	@echo
	@echo "Open in a browser: $(CURDIR)/parallax-out/truth/truth.html"

test: build
	ctest --preset release

test-browser: build
	@$(call install,$(PACKAGES_BROWSER))
	cd tests/browser && npm ci --ignore-scripts
	COMPARED='$(COMPARED)' ctest --test-dir build/release -L browser --verbose --no-tests=error

# Page one of a report and of a comparison as the README shows them.
screenshots: test-browser
	cp build/release/browser/page-one.png docs/report.png
	cp build/release/browser/compare-page-one.png docs/compare.png

PRESETS := dev clang asan tsan

test-presets: deps-dev
	set -e; for preset in $(PRESETS); do \
	  cmake --preset $$preset; cmake --build --preset $$preset; ctest --preset $$preset; done

# PEERS=1 measures ns-3 in the same run.
bench: deps
	$(if $(PEERS),@$(call install,libns3-dev))
	cmake --preset release -DPARALLAX_PEERS=$(if $(PEERS),ON,OFF)
	cmake --build --preset release
	build/release/tests/bench/parallax_engine_parts --benchmark_counters_tabular=true
	build/release/tests/bench/parallax_decision_parts
	build/release/tests/bench/parallax_ratios

soak: build
	ctest --test-dir build/release -L soak --output-on-failure --no-tests=ignore

# As a regression suite: 30 seeds of each scenario, 3 of those tagged long. Its mutations are among the soak tests.
check-library: build
	bash -c 'time build/release/parallax check scenarios/library'

format:
	git ls-files -- '*.cpp' '*.h' | xargs clang-format -i

format-check: deps-dev
	git ls-files -- '*.cpp' '*.h' | xargs clang-format --dry-run --Werror

clean:
	rm -rf build parallax-out
