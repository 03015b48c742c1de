#!/bin/sh
# texts.sh - what a catalogue lacks, and what it no longer needs: texts.sh TEXTS lang/es.po, where TEXTS is
# the built program; `--fill` in front of the catalogue writes it anew, with what is missing still empty:
#
#     tools/check/texts.sh build/asan/tools/texts --fill lang/es.po >lang/new.po
# The command line tools and what only they call (src/tool, src/algo) speak English.
set -eu
texts=$(realpath "$1")
shift
[ "$1" = --fill ] || set -- --check "$@"
cd "$(dirname "$0")/../.."
# shellcheck disable=SC2046
exec "$texts" "$@" $(find src ! -path 'src/tool/*' ! -path 'src/algo/*' \( -name '*.[ch]' -o -name '*.html' -o -name '*.ent' \) | LC_ALL=C sort)
