#!/bin/sh
# run.sh - serves the demo company from ./var on http://localhost:8080; Ctrl-C stops it. `entrepot demo`
# makes the company when there is none yet, and says each time where it is and who may sign in.
set -eu
cd "$(dirname "$0")/.."
program=build/release/src/entrepot
"$program" demo
exec "$program" serve
