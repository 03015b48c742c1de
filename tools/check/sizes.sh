#!/bin/sh
# sizes.sh [ROOT] - files over 800 lines and lines over 100 characters are refused; functions over 70
# lines, and headers over 150, are told, to be looked at again. Hand-aligned tables (clang-format off) may
# be wider. tools/check/sizes.allowed names the files that are too long and still to be divided.
set -eu
allowed=$(realpath "$(dirname "$0")")/sizes.allowed
cd "${1:-$(dirname "$0")/../..}"
find src tools tests bench -name '*.[ch]' ! -path 'tests/golden/*' ! -path 'tests/check/*' \
    ! -path 'tests/texts/*' 2>/dev/null |
    LC_ALL=C sort | LC_ALL=C xargs awk -v file_max=800 -v line_max=100 -v function_look=70 -v header_look=150 -v allowed="$allowed" '
BEGIN { while ((getline file < allowed) > 0) may_be_long[file] = 1 }
function end_of_file() {
    if (!name) return
    if (lines > file_max && !may_be_long[name]) { print name ": " lines " lines; at most " file_max ", one noun a file"; bad = 1 }
    if (name ~ /\.h$/ && name ~ /^src/ && lines > header_look) note(name ": a header of " lines " lines")
}
function note(text) { notes = notes text "\n"; noted++ }
FNR == 1 { end_of_file(); name = FILENAME; fenced = 0; start = 0 }
{ lines = FNR }
/clang-format off/ { fenced = 1 }
/clang-format on/ { fenced = 0 }
!fenced && length($0) > line_max {
    characters = $0
    gsub(/[\200-\277]/, "", characters)
    if (length(characters) > line_max) { print FILENAME ":" FNR ": " length(characters) " characters; at most " line_max; bad = 1 }
}
/^[A-Za-z_].*\(/ { head = FNR; match($0, /[A-Za-z_0-9]+\(/); called = substr($0, RSTART, RLENGTH - 1) }
/^\{/ { start = head }
/^\}/ {
    if (start && FNR - start + 1 > function_look && FILENAME ~ /^(src|tools)/)
        note(FILENAME ":" start ": " called "() has " FNR - start + 1 " lines")
    start = 0
}
END {
    end_of_file()
    if (noted) printf "to be looked at again (no mistake):\n%s", notes
    exit bad
}'
