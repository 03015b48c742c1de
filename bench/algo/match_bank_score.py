#!/usr/bin/env python3
"""match_bank_score.py ANSWERS CONFIRMED LINES - precision and recall at the automatic threshold, and
the reliability curve of the first proposals."""
import json, sys

answers = [json.loads(l) for l in open(sys.argv[1])]
paid = {r["line"]: frozenset(r["items"]) for r in map(json.loads, open(sys.argv[2]))}
right = automatic = best_right = used_twice = 0
bins = [[0, 0, 0.0] for _ in range(10)]
used = {}
for answer in answers:
    truth = paid.get(answer["line"], frozenset())
    if not answer["proposals"]:
        continue
    first = answer["proposals"][0]
    is_right = frozenset(i["id"] for i in first["items"]) == truth
    best_right += is_right
    at = bins[min(9, int(first["probability"] * 10))]
    at[0] += 1
    at[1] += is_right
    at[2] += first["probability"]
    if answer["automatic"]:
        automatic += 1
        right += is_right
precision, recall = 100 * right / max(automatic, 1), 100 * right / len(paid)
print("| lines | paying | automatic | precision % | recall % | first proposal right % |")
print("|---|---|---|---|---|---|")
print("| %d | %d | %d | %.2f | %.2f | %.2f |" % (len(answers), len(paid), automatic, precision, recall, 100 * best_right / len(paid)))
print()
print("| said | lines | mean said % | were right % |")
print("|---|---|---|---|")
for i, (n, r, p) in enumerate(bins):
    if n:
        print("| %.1f-%.1f | %d | %.1f | %.1f |" % (i / 10, (i + 1) / 10, n, 100 * p / n, 100 * r / n))
