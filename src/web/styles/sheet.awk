# sheet.awk - style files become one sheet. A block "@dark { ... }" holds once what stands in two rules: for who
# wishes the dark and has not chosen the light here, and for who has chosen the dark.
/^@dark \{$/ { is_dark = 1; body = ""; next }
is_dark && /^\}$/ {
    printf "@media (prefers-color-scheme:dark) {\n:root:not([data-theme=light]) {\n%s}\n}\n", body
    printf ":root[data-theme=dark] {\n%s}\n", body
    is_dark = 0
    next
}
is_dark { body = body $0 "\n"; next }
{ print }
