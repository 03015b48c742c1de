#!/bin/sh
# customers.sh - how well churn is foretold: the order lines of a gift wholesaler as entrepot-customers wants
# them, and its calibration. Cancelled lines and those without a customer tell nothing.
set -eu
cd "$(dirname "$0")/../.."
tool=${BUILD:-build/release}/src/tool/entrepot-customers
data=${ENTREPOT_SHARED:-../shared}/data/retail/online_retail.csv.gz
[ -r "$data" ] || { echo "customers.sh: there is no $data; set ENTREPOT_SHARED" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gzip -dc "$data" | python3 -c '
import csv, sys
out = csv.writer(sys.stdout)
out.writerow(["customer", "date", "amount"])
for row in csv.DictReader(sys.stdin):
    if row["customer_id"] and not row["invoice_no"].startswith("C"):
        amount = int(row["quantity"]) * float(row["unit_price_gbp"])
        out.writerow([row["customer_id"], row["invoice_date"][:10], f"{amount:.2f}"])
' >"$work/orders.csv"
"$tool" "$work/orders.csv" --calibration "$work/calibration.md" -o "$work/customers.jsonl"
cat "$work/calibration.md"
