#!/bin/sh
# run.sh BUILD - the API's description passes every rule of Spectral, and a client generated from it
# signs in and works. `npm ci` first, as tools/test.sh does.
set -eu
here=$(realpath "$(dirname "$0")")
if [ $# = 1 ]; then
    exec "$here/../serve.sh" "$1/src/entrepot" "$0"
fi
cd "$here"
rm -rf generated
mkdir generated
curl -fsS "$ENTREPOT_URL/api/openapi.json" -o generated/openapi.json
npx --no-install spectral lint generated/openapi.json --fail-severity=hint
npx --no-install openapi-typescript generated/openapi.json -o generated/api.ts
npx --no-install tsc -p .
node --test generated/js
