#!/usr/bin/env python3
"""pack.py [bins|container [SECONDS [PATTERN [THREADS [BUILD]]]]] - entrepot-pack on the shared Falkenauer and
Bischoff/Ratcliff instances whose names match PATTERN. Prints the tables of docs/benchmarks.md.

Every packing is checked here once more, with nothing of ours.
"""
import collections
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile

kind, seconds, pattern, threads, build = (sys.argv[1:] + ["bins", "1" if sys.argv[1:2] != ["container"] else "10", "",
                                                          "1", "build/release"][len(sys.argv) - 1:])[:5]
FILES = {"bins": "bin1d_falkenauer_a", "container": "container3d_br_a"}


def solve(problems):
    with tempfile.TemporaryDirectory() as work:
        with open(f"{work}/in", "w") as out:
            out.writelines(json.dumps(p) + "\n" for p in problems)
        subprocess.run([f"{build}/src/tool/entrepot-pack", f"{work}/in", "--seconds", seconds, "--threads", threads,
                        "-o", f"{work}/out", "--quiet"], check=True)
        return [json.loads(line) for line in open(f"{work}/out")]


def check_bins(problem, plan):
    items = problem["items"]
    assert sorted(i for b in plan["packing"] for i in b) == list(range(len(items))), "not each item once"
    assert all(sum(items[i] for i in b) <= problem["capacity"] + 1e-6 for b in plan["packing"]), "too full"
    assert len(plan["packing"]) == plan["bins"]
    return plan["bins"] == problem["optimal_bins"]


def shared_length(a, b, axis):
    return (min(a["position"][axis] + a["size"][axis], b["position"][axis] + b["size"][axis])
            - max(a["position"][axis], b["position"][axis]))


def check_container(problem, plan):
    boxes, room, volume = plan["placements"], problem["container"], 0
    counts = collections.Counter(b["box"] for b in boxes)
    for i, b in enumerate(boxes):
        kind = problem["boxes"][b["box"]]
        assert counts[b["box"]] <= kind["count"], "more boxes than there are"
        assert any(may and b["size"][2] == kind["dims"][k] and sorted(b["size"][:2]) == sorted(kind["dims"][:k] +
                   kind["dims"][k + 1:]) for k, may in enumerate(kind["may_stand"])), "on a wrong side"
        assert all(b["position"][k] >= 0 and b["position"][k] + b["size"][k] <= room[k] for k in range(3)), "outside"
        assert not any(all(shared_length(a, b, k) > 0 for k in range(3)) for a in boxes[:i]), "overlap"
        held = sum(max(0, shared_length(a, b, 0)) * max(0, shared_length(a, b, 1)) for a in boxes
                   if a["position"][2] + a["size"][2] == b["position"][2])
        assert b["position"][2] == 0 or held == b["size"][0] * b["size"][1], "hangs in the air"
        volume += b["size"][0] * b["size"][1] * b["size"][2]
    return 100 * volume / (room[0] * room[1] * room[2])


def table(rows, required, goal, words):
    groups = collections.defaultdict(list)
    for name, value in rows:
        groups[name.split("_")[0]].append(value)
    print(f"| set | instances | required | goal | {words} |\n|---|---|---|---|---|")
    for name, values in sorted(groups.items()) + [("all", [v for _, v in rows])]:
        print(f"| {name} | {len(values)} | {required} | {goal} | {sum(values) / len(values):.2f} % |")


def main():
    shared = os.environ.get("ENTREPOT_SHARED", "../shared")
    with gzip.open(f"{shared}/data/packing/{FILES[kind]}.jsonl.gz", "rt") as lines:
        problems = [p for p in map(json.loads, lines) if re.search(pattern, p["name"])]
    plans = list(zip(problems, solve(problems), strict=True))
    if kind == "bins":
        table([(p["name"], 100 * check_bins(p, plan)) for p, plan in plans], "95 %", "", "optimal")
    else:
        table([(p["name"], check_container(p, plan)) for p, plan in plans], "88 %", "92 %", "volume used")


main()
