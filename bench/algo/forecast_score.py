#!/usr/bin/env python3
"""Scores forecasts against the futures that the series files hold in `test`.

    forecast_score.py SERIES.jsonl[.gz] FORECASTS.jsonl [--line]

sMAPE is the mean of 200 |a - f| / (|a| + |f|), 0 where both are 0; MASE scales by the mean absolute
seasonal difference of the past, RMSSE by the root mean square of its first differences; all are averaged
over the series (of those whose past changes at all). WAPE and bias are of the totals: sum |a - f| / sum a,
sum (f - a) / sum a. Coverage is the share of futures within the interval, over all series and steps; width
is the mean 80 % interval over the mean of the past.
"""
import gzip
import json
import math
import sys


def lines(path):
    opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
    with opened as file:
        return [json.loads(line) for line in file if line.strip()]


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else float("nan")


def smape(actual, forecast):
    return mean(200 * abs(a - f) / (abs(a) + abs(f)) if a or f else 0 for a, f in zip(actual, forecast))


def scaled(past, period, actual, forecast):
    """MASE and RMSSE of one series; None where the past does not change."""
    lag = period if len(past) > period else 1
    steps = [abs(b - a) for a, b in zip(past, past[lag:])]
    changes = [(b - a) ** 2 for a, b in zip(past, past[1:])]
    absolute = mean(abs(a - f) for a, f in zip(actual, forecast))
    squared = mean((a - f) ** 2 for a, f in zip(actual, forecast))
    return (absolute / mean(steps) if sum(steps) else None,
            math.sqrt(squared / mean(changes)) if sum(changes) else None)


def score(series, forecasts):
    by_id = {line["id"]: line for line in forecasts}
    if len(by_id) != len(series):
        sys.exit(f"{len(series)} series, but forecasts of {len(by_id)}")
    total = {"smape": [], "mase": [], "rmsse": [], "inside80": [], "inside95": [], "width": []}
    came = forecast_sum = missed = 0
    for one in series:
        actual, line = one["test"], by_id[one["id"]]
        ahead = line["forecast"]
        if len(ahead) != one["h"] or any(len(line[k]) != one["h"] for k in ("lo80", "hi80", "lo95", "hi95")):
            sys.exit(f"{one['id']}: {len(ahead)} values instead of {one['h']}")
        total["smape"].append(smape(actual, ahead))
        mase, rmsse = scaled(one["x"], one["period"], actual, ahead)
        total["mase"] += [mase] if mase is not None else []
        total["rmsse"] += [rmsse] if rmsse is not None else []
        for level in ("80", "95"):
            total["inside" + level] += [
                lo <= a <= hi for a, lo, hi in zip(actual, line["lo" + level], line["hi" + level])]
        level = mean(abs(x) for x in one["x"])
        total["width"].append(mean(h - l for l, h in zip(line["lo80"], line["hi80"])) / level if level else 0)
        came += sum(actual)
        forecast_sum += sum(ahead)
        missed += sum(abs(a - f) for a, f in zip(actual, ahead))
    result = {name: mean(values) for name, values in total.items()}
    result["wape"] = missed / came if came else float("nan")
    result["bias"] = (forecast_sum - came) / came if came else float("nan")
    return result


def main():
    result = score(lines(sys.argv[1]), lines(sys.argv[2]))
    parts = [f"{name} {result[name]:.4g}" for name in ("smape", "mase", "rmsse", "wape", "bias", "width")]
    parts += [f"{level} %: {100 * result['inside' + level]:.1f}" for level in ("80", "95")]
    print(("  " if "--line" in sys.argv else "\n").join(parts))


if __name__ == "__main__":
    main()
