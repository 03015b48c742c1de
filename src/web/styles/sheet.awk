# sheet.awk - style files become one sheet, without comments and the white space that only people need. A block
# "@dark { ... }" holds once what stands in two rules: for who wishes the dark and has not chosen the light here, and for
# who has chosen the dark.
function put(line) {
    sub(/^[ \t]+/, "", line)
    sub(/[ \t]+$/, "", line)
    if (line ~ /;$/ && line !~ /\{/) sub(/: /, ":", line)
    sub(/ \{$/, "{", line)
    if (line != "") printf "%s%s", line, line ~ /[{};,]$/ ? "" : " "
}
is_comment { if (/\*\//) is_comment = 0; next }
/^[ \t]*\/\*/ { if (!/\*\//) is_comment = 1; next }
/^@dark \{$/ { is_dark = 1; count = 0; next }
is_dark && /^\}$/ {
    put("@media (prefers-color-scheme:dark) {")
    put(":root:not([data-theme=light]) {")
    for (i = 0; i < count; i++) put(body[i])
    put("}")
    put("}")
    put(":root[data-theme=dark] {")
    for (i = 0; i < count; i++) put(body[i])
    put("}")
    is_dark = 0
    next
}
is_dark { body[count++] = $0; next }
{ put($0) }
END { print "" }
