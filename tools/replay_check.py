#!/usr/bin/env python3
"""What the sales file says by itself: revenue per month, country and product, as CSV lines.

Reads nothing but the file, so that `entrepot replay --compare` has something independent to be compared
with. Revenue is quantity x price over all rows but fees (AMAZONFEE, BANK CHARGES) and prices of nothing;
a product is its code without regard to case."""
import collections, csv, decimal, gzip, sys

sums = collections.defaultdict(decimal.Decimal)
with gzip.open(sys.argv[1], "rt", encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        code, price = row["stock_code"].strip().upper(), decimal.Decimal(row["unit_price_gbp"])
        if code in ("AMAZONFEE", "BANK CHARGES") or price <= 0:
            continue
        amount = int(row["quantity"]) * price
        for key in (("month", row["invoice_date"][:7]), ("country", row["country"]), ("product", code),
                    ("total", "all")):
            sums[key] += amount
for (kind, key), amount in sorted(sums.items()):
    print(f"{kind},{key},{amount.quantize(decimal.Decimal('0.01'), decimal.ROUND_HALF_UP)}")
