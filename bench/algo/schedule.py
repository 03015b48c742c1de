#!/usr/bin/env python3
"""schedule.py jobshop|flexible|projects [--seconds N] [--steps N] [--subset N] [--tool PATH] [--data PATH]

Scores entrepot-schedule against the best known values, one row for each instance, and the mean.
Every plan is checked here once more, by code of its own. --subset N takes every N-th instance.
Job shops and flexible ones are scored by percent above the best known makespan, projects by percent
above the critical path (mean over all, as published).
"""
import argparse
import csv
import glob
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time

GOALS = {"jobshop": ("2.0", "1.0"), "flexible": ("-", "-"), "projects": ("11.0", "9.0")}


def plan(options, path):
    command = [options.tool, path, "--threads", "1", "--seed", str(options.seed), "--quiet"]
    command += ["--steps", str(options.steps)] if options.steps else ["--seconds", str(options.seconds)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return json.loads(answer)


def check_jobshop(jobs, answer):
    """jobs[j] = [[(machine, duration), ...alternatives], ...]"""
    by_machine, by_job = {}, {}
    for o in answer["operations"]:
        by_job.setdefault(o["job"], []).append(o)
        by_machine.setdefault(o["machine"], []).append(o)
    assert sorted(by_job) == list(range(len(jobs)))
    for j, operations in by_job.items():
        assert len(operations) == len(jobs[j])
        done = 0
        for o, alternatives in zip(operations, jobs[j]):
            assert (o["machine"], o["end"] - o["start"]) in alternatives and o["start"] >= done
            done = o["end"]
    for operations in by_machine.values():
        operations.sort(key=lambda o: (o["start"], o["end"]))
        for before, after in zip(operations, operations[1:]):
            assert after["start"] >= before["end"]
    assert answer["makespan"] == max(o["end"] for o in answer["operations"])


def check_project(project, answer):
    start = [a["start"] for a in answer["activities"]]
    end = [s + a["d"] for s, a in zip(start, project["activities"])]
    assert min(start) >= 0 and answer["makespan"] == max(end)
    for i, activity in enumerate(project["activities"]):
        assert all(start[k] >= end[i] for k in activity["succ"])
    for moment in set(start):
        for r, capacity in enumerate(project["capacity"]):
            running = [a for i, a in enumerate(project["activities"]) if start[i] <= moment < end[i]]
            assert sum(a["r"][r] for a in running) <= capacity


def chains(shop):
    """The jobs of a published flexible shop, numbered by their first operations."""
    alternatives, after = {}, {p["before"]: p["after"] for p in shop["precedences"]}
    for row in shop["operations"]:
        alternatives.setdefault(row["operation"], []).append((row["machine"], row["duration"]))
    jobs = []
    for first in sorted(set(alternatives) - set(after.values())):
        job = []
        while first is not None:
            job.append(alternatives[first])
            first = after.get(first)
        jobs.append(job)
    return jobs


def run_jobshop(options):
    folder = os.path.join(options.data, "scheduling/jobshop")
    with open(os.path.join(folder, "INDEX.tsv"), encoding="utf-8") as index:
        rows = list(csv.DictReader(index, delimiter="\t"))[:: options.subset]
    for row in rows:
        path = os.path.join(folder, row["instance"] + ".json")
        answer = plan(options, path)
        jobs = json.load(open(path, encoding="utf-8"))["jobs"]
        check_jobshop([[[tuple(o)] for o in job] for job in jobs], answer)
        yield row["instance"], int(row["best_known"]), answer


def run_flexible(options):
    for path in sorted(glob.glob(os.path.join(options.data, "scheduling/flexible/*.json")))[:: options.subset]:
        shop = json.load(open(path, encoding="utf-8"))
        answer = plan(options, path)
        check_jobshop(chains(shop), answer)
        yield shop["instance"], shop["best_known"], answer


def run_projects(options):
    with gzip.open(os.path.join(options.data, "scheduling/rcpsp_j90.jsonl.gz"), "rt") as lines:
        projects = [json.loads(line) for line in lines][:: options.subset]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        for project in projects:
            file.seek(0)
            file.truncate()
            json.dump(project, file)
            file.flush()
            answer = plan(options, file.name)
            check_project(project, answer)
            yield project["name"], project["critical_path"], answer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kind", choices=GOALS)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--subset", type=int, default=1)
    parser.add_argument("--tool", default="build/release/src/tool/entrepot-schedule")
    parser.add_argument("--data", default=os.path.join(os.environ.get("ENTREPOT_SHARED", "../shared"), "data"))
    options = parser.parse_args()
    runs = {"jobshop": run_jobshop, "flexible": run_flexible, "projects": run_projects}
    required, goal = GOALS[options.kind]
    print("| instance | reference | lower bound | ours | % above |\n|---|---|---|---|---|")
    total, count, began = 0, 0, time.monotonic()
    for name, reference, answer in runs[options.kind](options):
        above = 100 * (answer["makespan"] / reference - 1)
        total, count = total + above, count + 1
        print(f"| {name} | {reference} | {answer['lower_bound']} | {answer['makespan']} | {above:.2f} |")
        sys.stdout.flush()
    print(f"\n| mean of {count} | required | goal | ours |\n|---|---|---|---|")
    print(f"| % above | {required} | {goal} | {total / count:.2f} |")
    print(f"\n{time.monotonic() - began:.0f} s in all")


if __name__ == "__main__":
    main()
