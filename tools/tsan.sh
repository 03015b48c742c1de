#!/bin/sh
# tsan.sh [SUITE...] - the suites in which threads meet, under ThreadSanitizer, on both engines; without
# names, also those of the algorithms whose work a crew shares. The suppressions name libraries only, each
# with its reason: ThreadSanitizer does not see the locks of code that it has not compiled.
set -eu
cd "$(dirname "$0")/.."
crews=""
[ $# -gt 0 ] || crews="budget mrp_laws match_bank nest nest_lay pack_bins pack_load route schedule"  # more of them: tests/algo/suites.h
[ $# -gt 0 ] || set -- arena log i18n db lane lane_trouble tenant entity job event outside metrics server stream http pdf
export TSAN_OPTIONS="suppressions=$PWD/tools/sanitize/tsan.supp:halt_on_error=0:exitcode=66"
# shellcheck disable=SC2086
[ -z "$crews" ] || build/tsan/tests/algo/algo-tests $crews
tests=build/tsan/tests/entrepot-tests
"$tests" "$@"
tests/postgres.sh "$tests" db lane lane_trouble tenant entity
