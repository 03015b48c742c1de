#!/usr/bin/env python3
"""match_teach.py MODEL.json - the model as C: src/algo/match/bank_default.c."""
import json, sys

model = json.load(open(sys.argv[1]))


def numbers(values):
    return "{ " + ", ".join("%.6g" % v for v in values) + " }"


def wrapped(name, values):
    print("    .%s = {" % name)
    for i in range(0, len(values), 8):
        print("        " + ", ".join("%.6g" % v for v in values[i:i + 8]) + ",")
    print("    },")


print("""// bank_default.c - what bank lines tell, for books that have no history yet.
//
// Made by bench/algo/match_teach.sh from generated ledgers; not written by hand. Books with history
// learn their own with bank_learn().
#include "algo/match/bank.h"

// clang-format off
static const BankModel model = {
    .threshold = %.9g,
    .step_count = %d,""" % (model["threshold"], len(model["steps"])))
wrapped("steps_from", model["steps_from"])
wrapped("steps", model["steps"])
print("    .card.features = BANK_FEATURES,")
print("    .card.bias = %.6g," % model["bias"])
print("    .card.feature = {")
for feature in model["features"]:
    print("        {  // %s" % feature["name"])
    for key in ("knots", "mean", "weights"):
        print("            %s," % numbers(feature[key]))
    print("        },")
print("""    },
};
// clang-format on

const BankModel *bank_default_model(void)
{
    return &model;
}""")
