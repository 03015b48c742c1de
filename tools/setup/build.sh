#!/bin/sh
# build.sh NAME [TARGET...] - configures build/NAME once, then builds what has changed of it, or only the
# targets, such as src/entrepot. Names: release, asan, tsan, fuzz (clang, for the fuzzers). CC is taken if
# it is set; ccache if it is there.
set -eu
cd "$(dirname "$0")/../.."
name=$1
shift
# Warnings stop the build of those who change the program (asan), not of those who only want to run it with
# a compiler that we have not seen.
options="-Db_lundef=false"
compiler=gcc
case $name in
release) options="--buildtype=release -Dwerror=false" ;;
asan) options="$options -Db_sanitize=address,undefined" ;;
tsan) options="$options -Db_sanitize=thread -Dwerror=false" ;;
fuzz) options="$options -Dfuzz=true -Dwerror=false" compiler=clang ;;
*) echo "build.sh: there is no build '$name'" >&2; exit 2 ;;
esac

if [ ! -f "build/$name/build.ninja" ]; then
    ! command -v ccache >/dev/null || compiler="ccache $compiler"
    # shellcheck disable=SC2086
    CC=${CC:-$compiler} meson setup "build/$name" $options >"build-$name.log" 2>&1 ||
        { cat "build-$name.log"; rm -rf "build/$name" "build-$name.log"; exit 1; }
    mv "build-$name.log" "build/$name/setup.log"
fi
exec ninja --quiet -C "build/$name" "$@"
