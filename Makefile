# Thin on purpose: Meson builds, tools/ has the scripts. Each build has its folder, build/NAME.
#
#   make run      builds, makes a demo company in ./var, serves it on http://localhost:8080
#   make test     everything on SQLite and PostgreSQL under the sanitizers, and the browser
#   make check    what must hold of the source itself: layers, headers, entity files, texts ...
#   make bench    what the programs of bench/ measure, each beside its floor
#   make fuzz     each fuzzer for FUZZ_S seconds (60)
#   make tsan     the suites with threads, under ThreadSanitizer
#   make nightly  all of it, longer
#   make format   clang-format over all C
#   make install  into PREFIX (/usr/local)
#
# What is missing is installed with apt (tools/setup/packages says what, and why).

FUZZ_S ?= 60
PREFIX ?= /usr/local

.PHONY: run test check bench fuzz tsan nightly format install

run:
	@tools/setup/need.sh build
	@tools/setup/build.sh release src/entrepot
	@tools/run.sh

test:
	@tools/setup/need.sh build test
	@tools/setup/build.sh asan
	@tools/test.sh

check:
	@tools/setup/need.sh build check
	@tools/setup/build.sh asan
	@tools/check/all.sh build/asan

bench:
	@tools/setup/need.sh build test
	@tools/setup/build.sh release
	@tools/bench.sh

fuzz:
	@tools/setup/need.sh build fuzz
	@tools/setup/build.sh fuzz
	@tools/fuzz.sh $(FUZZ_S)

tsan:
	@tools/setup/need.sh build test
	@tools/setup/build.sh tsan
	@tools/tsan.sh

nightly: test check tsan bench
	@$(MAKE) --no-print-directory fuzz FUZZ_S=600
	@tools/nightly.sh

format:
	@tools/setup/need.sh check
	@git ls-files '*.c' '*.h' | xargs clang-format -i

install:
	@tools/setup/need.sh build
	@tools/setup/build.sh release
	@meson install -C build/release --no-rebuild --destdir "$(DESTDIR)"
