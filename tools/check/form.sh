#!/bin/sh
# form.sh [ROOT] - whether clang-format would change a C file; `make format` does it. Tables aligned by hand
# stand between `// clang-format off` and `on`. Versions of clang-format disagree in small things, so only
# Debian 12's (14) is asked; elsewhere the check says that it was skipped.
set -eu
cd "${1:-$(dirname "$0")/../..}"
if ! clang-format --version | grep -q 'version 14\.'; then
    echo "skipped: $(clang-format --version) is not version 14"
    exit 0
fi
find src tools tests bench -name '*.[ch]' ! -path 'tests/golden/*' ! -path 'tests/check/*' \
    ! -path 'tests/texts/*' ! -path 'tests/entgen/gen/*' 2>/dev/null | LC_ALL=C sort |
    xargs -P "$(nproc)" -n 8 clang-format --dry-run -Werror --ferror-limit=1 2>&1 |
    sed -n 's/:[0-9]*:[0-9]*: error: code should be clang-formatted.*/: not as clang-format has it: make format/p' |
    LC_ALL=C sort -u | awk '{ print; n++ } END { exit n > 0 }'
