#!/usr/bin/env python3
"""route.py [SECONDS [PATTERN [THREADS [BUILD]]]] - entrepot-route on the shared Solomon instances whose names match
PATTERN (a regular expression), beside the best known costs. Prints the table of docs/benchmarks.md.

Every plan is checked here once more, with nothing of ours: windows, capacity, each customer once.
"""
import gzip
import json
import math
import os
import re
import subprocess
import sys
import tempfile

seconds, pattern, threads, build = (sys.argv[1:] + ["10", "", "1", "build/release"][len(sys.argv) - 1:])[:4]
REQUIRED, GOAL = 3.0, 1.0


def ways(nodes):
    return [[int(10 * math.hypot(a[1] - b[1], a[2] - b[2]) + 1e-9) / 10 for b in nodes] for a in nodes]


def cost_of(problem, routes):
    nodes = problem["nodes"]
    row, way = {node[0]: i for i, node in enumerate(nodes)}, ways(nodes)
    assert len(routes) <= problem["vehicles"], "too many vehicles"
    assert sorted(i for r in routes for i in r) == sorted(n[0] for n in nodes[1:]), "not each customer once"
    total = 0
    for route in routes:
        assert sum(nodes[row[i]][3] for i in route) <= problem["capacity"], "too heavy"
        at, time = 0, nodes[0][4]
        for here in [row[i] for i in route] + [0]:
            time = max(time + nodes[at][6] + way[at][here], nodes[here][4])
            assert time <= nodes[here][5] + 1e-6, "too late"
            total += way[at][here]
            at = here
    return round(total, 1)


def main():
    shared = os.environ.get("ENTREPOT_SHARED", "../shared")
    with gzip.open(f"{shared}/data/routing/vrptw_solomon_a.jsonl.gz", "rt") as lines:
        problems = [p for p in map(json.loads, lines) if re.search(pattern, p["name"])]
    with tempfile.TemporaryDirectory() as work:
        with open(f"{work}/in", "w") as out:
            out.writelines(json.dumps(p) + "\n" for p in problems)
        subprocess.run([f"{build}/src/tool/entrepot-route", f"{work}/in", "--seconds", seconds, "--threads", threads,
                        "-o", f"{work}/out", "--quiet"], check=True)
        plans = [json.loads(line) for line in open(f"{work}/out")]
    print("| instance | best known | required | goal | ours | above |\n|---|---|---|---|---|---|")
    gaps = []
    for problem, plan in zip(problems, plans, strict=True):
        best, cost = problem["best_known"]["cost"], cost_of(problem, plan["routes"])
        assert abs(cost - plan["cost"]) < 0.01, "the cost is not what it says"
        gaps.append(100 * (cost / best - 1))
        print(f"| {problem['name']} | {best} | {best * (1 + REQUIRED / 100):.1f} | {best * (1 + GOAL / 100):.1f} "
              f"| {cost} | {gaps[-1]:.2f} % |")
    print(f"| mean of {len(gaps)} | | {REQUIRED} % | {GOAL} % | | {sum(gaps) / len(gaps):.2f} % |")


main()
