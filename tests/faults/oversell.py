#!/usr/bin/env python3
"""oversell.py ENTREPOT - one variant, 50 in stock, 200 buyers at once over HTTP: exactly 50 orders are placed,
150 are refused clearly, nothing is left, nobody hangs, and the books agree. On PostgreSQL: under
tests/postgres.sh."""
import collections
import json
import sys
import threading

from company import Client, Program, Shop

STOCK, BUYERS, AT_ONCE = 50, 200, 50


def buy(program, shop, number, answers, start):
    client = Client(program.port, shop.token)
    start.wait()
    status, order = client.insist("POST", "/api/v1/oms/orders", shop.order(shop.variants[0], 1, f"buyer {number}"),
                               key=f"order-{number}")
    if status != 201:
        answers.append(("order", status, json.dumps(order.get("problems") or order.get("code"))))
        return
    status, tree = client.insist("POST", f"/api/v1/oms/orders/{order['id']}/place", key=f"place-{number}")
    answers.append(("place", status, None if status == 200 else tree.get("code")))


def main():
    program = Program(sys.argv[1])
    try:
        shop = Shop(program, STOCK)
        answers, start = [], threading.Barrier(BUYERS)
        threads = [threading.Thread(target=buy, args=(program, shop, n, answers, start)) for n in range(BUYERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        counts = collections.Counter(answers)
        for what, count in sorted(counts.items(), key=str):
            print(count, *what)
        placed = counts[("place", 200, None)]
        refused = counts[("place", 409, "stock_available.short")]
        client = Client(program.port, shop.token)
        levels = client.must("GET", "/api/v1/inventory/available-stocks?fields=free,reserved")["items"]
        left = [l for l in levels if float(l["free"]) - float(l["reserved"]) != 0]
        program.stop()
        verified = program.verify()
        print(verified)
        good = placed == STOCK and refused == BUYERS - STOCK and not left and "nothing found" in verified
        print("oversell:", f"{placed} placed, {refused} refused, {'nothing' if not left else left} left",
              "- as it should be" if good else "- WRONG")
        return 0 if good else 1
    finally:
        program.remove()


sys.exit(main())
