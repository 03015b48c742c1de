#!/usr/bin/env python3
"""match_score.py TOOL DATA - F1 of entrepot-match on the products' pairs and the persons' files.

A person's id without its last digit is the person; the last digit is the copy (0: the original)."""
import csv, gzip, itertools, json, os, subprocess, sys, tempfile, time

tool, data = sys.argv[1], sys.argv[2]
work = tempfile.mkdtemp()


def run(*words):
    at = time.time()
    subprocess.run([tool, *words], check=True, stderr=subprocess.PIPE)
    return time.time() - at


def lines(path):
    return [json.loads(line) for line in open(path)]


def f1(found, truth):
    right = len(found & truth)
    precision, recall = right / max(len(found), 1), right / max(len(truth), 1)
    return 100 * precision, 100 * recall, 200 * right / max(len(found) + len(truth), 1)


def products():
    path = os.path.join(data, "abt-buy_pairs_%s.jsonl.gz")
    model, out = os.path.join(work, "model"), os.path.join(work, "out")
    learned = run("train", "--pairs", path % "train", "--valid", path % "valid", "--model", model)
    judged = run("score", "--pairs", path % "test", "--model", model, "-o", out)
    truth = {i for i, line in enumerate(gzip.open(path % "test", "rt")) if json.loads(line)["match"]}
    found = {i for i, line in enumerate(lines(out)) if line["match"]}
    return f1(found, truth), learned + judged


def ids(name):
    with gzip.open(os.path.join(data, "febrl", "dataset_%s_1000.csv.gz" % name), "rt") as file:
        return [row["rec_id"] for row in csv.DictReader(file)]


def person(record):
    return record[:-1]


def link(left, right):
    out = os.path.join(work, "out")
    path = os.path.join(data, "febrl", "dataset_%s_1000.csv.gz")
    took = run("link", "--left", path % left, "--right", path % right, "--id", "rec_id", "-o", out)
    found = {(line["left"], line["right"]) for line in lines(out)}
    truth = {(a, b) for a in ids(left) for b in ids(right) if person(a) == person(b)}
    return f1(found, truth), took


def dedupe(name):
    out = os.path.join(work, "out")
    path = os.path.join(data, "febrl", "dataset_%s_1000.csv.gz" % name)
    took = run("dedupe", "--left", path, "--id", "rec_id", "-o", out)
    groups = {}
    for line in lines(out):
        groups.setdefault(line["group"], set()).update((line["left"], line["right"]))
    pairs = lambda sets: {tuple(sorted(p)) for s in sets for p in itertools.combinations(s, 2)}
    people = {}
    for record in ids(name):
        people.setdefault(person(record), set()).add(record)
    return f1(pairs(groups.values()), pairs(people.values())), took


print("| set | required | goal | F1 | precision | recall | seconds |")
print("|---|---|---|---|---|---|---|")
for name, required, goal, ((p, r, f), took) in [
    ("Abt-Buy test pairs", 62.8, 70, products()),
    ("FEBRL D, originals to copies", 97, "", link("D_org", "D_dup")),
    ("FEBRL A, one copy each", 97, "", dedupe("A")),
    ("FEBRL C, up to nine copies", 97, "", dedupe("C")),
]:
    print("| %s | %s | %s | %.2f | %.2f | %.2f | %.1f |" % (name, required, goal, f, p, r, took))
