#!/bin/sh
# layers.sh [ROOT] - who may include whom. Prints offenders, one a line; ends with 1 when there is any.
#
# A layer may include itself and those listed for it below. Of another module only its public header
# (modules/X/X.h) may be included, and only by a module that requires it, as its .ent file says. The
# structs of gen/X.gen.h belong to whom X.ent belongs: other modules see them through X.h. Only app lists the
# modules (modules/X/X_module.h). algo is pure: it asks no system header for files, threads, sockets or clocks.
set -eu
cd "${1:-$(dirname "$0")/../..}"
{
    find src -name '*.ent' | sort | while read -r file; do
        sed -n "s|^module |module $file |p" "$file"
    done
    find src -name '*.[ch]' | sort | xargs grep -Hn '^ *# *include '
} | awk '
BEGIN {
    may["base"]    = " base "
    may["algo"]    = " algo base "
    may["tool"]    = " tool algo base "
    may["kernel"]  = " kernel base "
    may["web"]     = " web kernel base "
    may["modules"] = " modules web kernel algo base "
    may["connect"] = " connect modules kernel base "
    may["app"]     = " app connect modules web kernel algo base "
    impure = "^(arpa/|net|poll.h|pthread.h|semaphore.h|signal.h|sys/|threads.h|time.h|fcntl.h|unistd.h)"
}
function complain(why) { print file ":" line ": " why; bad = 1 }
function module_of(path) { split(path, at, "/"); return at[2] == "modules" ? at[3] : at[2] }
function requires(needer, needed) { return (needer, needed) in needs }

# "module src/modules/oms/oms.ent oms "Orders" requires party tax"
$1 == "module" {
    declared[$3] = module_of($2)
    for (i = 4; i <= NF && $i != "requires"; i++);
    for (i++; i <= NF; i++) needs[$3, $i] = 1
    next
}
{
    split($0, part, ":"); file = part[1]; line = part[2]
    split(file, here, "/"); layer = here[2]; module = layer == "modules" ? here[3] : ""
    if (match($0, /<[^>]*>/)) {
        system_header = substr($0, RSTART + 1, RLENGTH - 2)
        if (layer == "algo" && system_header ~ impure) complain("algo is pure and may not include <" system_header ">")
        next
    }
    split($0, quoted, "\""); header = quoted[2]
    parts = split(header, to, "/")
    if (parts < 2) next                                  # of the same folder, or a page
    if (to[1] == "gen" && to[2] == "pages") {            # gen/pages/oms_list.h belongs to whom pages/list.html belongs
        split(to[3], page, "_"); owner = page[1]
        if (owner != (module ? module : layer) && index(may[layer], " " owner " ") == 0)
            complain((module ? "module " module : layer) " may not include " header ", a page of " owner)
        next
    }
    if (to[1] == "gen") {
        name = to[2]; sub(/\.gen\.h$/, "", name)
        owner = declared[name]
        if (owner == "kernel" ? index(may[layer], " kernel ") == 0 \
                              : layer != "app" && layer != "connect" && owner != module)
            complain((module ? "module " module : layer) " may not include " header ", which is of " owner)
        next
    }
    if (index(may[layer], " " to[1] " ") == 0) { complain(layer " may not include " header); next }
    if (to[1] != "modules" || to[2] == module) next
    if (layer == "app" && header == "modules/" to[2] "/" to[2] "_module.h") next
    if (header != "modules/" to[2] "/" to[2] ".h")
        complain(header " is private to module " to[2])
    else if (layer == "modules" && !requires(module, to[2]))
        complain("module " module " does not require " to[2])
}
END { exit bad }'
