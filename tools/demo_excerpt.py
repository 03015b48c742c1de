#!/usr/bin/env python3
"""Cuts the demo company's sales out of the whole file: the sixty products sold most often, some hundred
customers, a few hundred invoices, and what was cancelled of them. Usage: demo_excerpt.py FROM TO (both gzip)."""
import collections, csv, gzip, io, sys

PRODUCTS, CUSTOMERS, LINES_MAX = 60, 22, 8
SERVICES = {"POST", "C2", "DOT"}
with gzip.open(sys.argv[1], "rt", encoding="utf-8", newline="") as file:
    reader = csv.DictReader(file)
    columns, rows = reader.fieldnames, list(reader)
named = [r for r in rows if r["customer_id"] and float(r["unit_price_gbp"]) > 0]
count = collections.Counter(r["stock_code"] for r in named if r["stock_code"] not in SERVICES)
products = {code for code, _ in count.most_common(PRODUCTS)}
by_country = collections.defaultdict(list)
for customer, _ in collections.Counter(r["customer_id"] for r in named if r["stock_code"] in products).most_common():
    country = next(r["country"] for r in named if r["customer_id"] == customer)
    by_country[country].append(customer)
customers = set()
for country, list_ in by_country.items():  # the home market, and the best of every other
    customers.update(list_[6:CUSTOMERS] if country == "United Kingdom" else list_[:1])
kept, lines = [], collections.Counter()
for r in rows:
    if r["stock_code"] in products | SERVICES and r["customer_id"] in customers and int(r["quantity"]) < 600:
        lines[r["invoice_no"]] += 1
        if lines[r["invoice_no"]] <= LINES_MAX:
            kept.append(r)
out = io.StringIO(newline="")
writer = csv.DictWriter(out, columns)
writer.writeheader()
writer.writerows(kept)
with open(sys.argv[2], "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
    packed.write(out.getvalue().encode())
print(len(kept), "rows,", len({r["invoice_no"] for r in kept}), "invoices,", len({r["stock_code"] for r in kept}), "products,",
      len({r["customer_id"] for r in kept}), "customers,", len({r["country"] for r in kept}), "countries")
