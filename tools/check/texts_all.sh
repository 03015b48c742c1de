#!/bin/sh
# texts_all.sh BUILD - what each catalogue in lang/ lacks.
set -eu
cd "$(dirname "$0")/../.."
status=0
for catalogue in lang/*.po; do
    tools/check/texts.sh "$1/tools/texts" "$catalogue" || status=1
done
exit $status
