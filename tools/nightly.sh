#!/bin/sh
# nightly.sh - what takes long: a million operations of the simulation (another seed each day, printed), a
# shorter story on both databases, every single fault, a hundred kills on both engines, half an hour of mixed
# load. `make nightly` builds before.
set -eu
cd "$(dirname "$0")/.."
release=build/release
tools/setup/build.sh release src/entrepot tests/sim/entrepot-sim
TEST_SEED=${TEST_SEED:-$(date +%Y%m%d)}
export TEST_SEED
SIM_OPERATIONS=${SIM_OPERATIONS:-1000000} SIM_AUDIT=50000 "$release/tests/sim/entrepot-sim" sim
tests/sim/two.sh "$release/tests/sim/entrepot-sim" 50000
FAULTS_STEP=1 build/asan/tests/entrepot-tests faults
FAULTS_STEP=1 tests/postgres.sh build/asan/tests/entrepot-tests faults
tests/faults/kill.py "$release/src/entrepot" 100
tests/postgres.sh tests/faults/kill.py "$release/src/entrepot" 100
tests/faults/long.py "$release/src/entrepot" 30
