#!/usr/bin/env python3
"""kill.py ENTREPOT [TIMES] - orders are placed by several clients while the program is killed with SIGKILL at
random moments, TIMES times (20). Every order that was answered must be there whole, none twice, and verify must
find nothing. On PostgreSQL, under tests/postgres.sh, it is by turns the program, one of its connections, and the
whole server that is stopped without a word and started again."""
import collections
import http.client
import os
import random
import subprocess
import sys
import threading
import time

from company import Client, Program, Shop

CLIENTS = 6


class Buyer(threading.Thread):
    """Orders one piece after another. A broken connection is asked again under the same key, so that what was
    done is answered and not done twice."""

    def __init__(self, program, shop, number):
        super().__init__(daemon=True)
        self.program, self.shop, self.number = program, shop, number
        self.client = Client(program.port, shop.token)
        self.placed, self.odd, self.stopping = {}, [], False

    def insist(self, method, path, body, key):
        while True:
            try:
                status, tree = self.client.ask(method, path, body, key)
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)
                continue
            if status == 401:
                self.client.token = self.program.sign_in()
            elif status == 503:
                time.sleep(0.05)
            else:
                return status, tree

    def run(self):
        count = 0
        while not self.stopping:
            name = f"{self.number}-{count}"
            count += 1
            variant = self.shop.variants[count % len(self.shop.variants)]
            status, order = self.insist("POST", "/api/v1/oms/orders", self.shop.order(variant, 1, name),
                                        "order-" + name)
            if status != 201:
                self.odd.append((status, order))
                continue
            status, tree = self.insist("POST", f"/api/v1/oms/orders/{order['id']}/place", None, "place-" + name)
            if status == 200:
                self.placed[order["id"]] = name
            else:
                self.odd.append((status, tree))


def all_orders(client):
    after, found = None, {}
    while True:
        page = client.must("GET", "/api/v1/oms/orders?fields=reference,state,total&limit=500" +
                           (f"&after={after}" if after else ""))
        for order in page["items"]:
            found[order["id"]] = order
        after = page["next"]
        if not after:
            return found


def kill_program(program):
    program.kill()
    program.start()


def kill_connections(program):
    subprocess.run(["psql", "-qAt", os.environ["TEST_PG"], "-c",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    " AND backend_type = 'client backend' AND random() < 0.5"],
                   check=True, stdout=subprocess.DEVNULL)


def restart_server(program):
    subprocess.run([os.environ["TEST_PG_CTL"], "-m", "immediate", "restart"], check=True)


def blows():
    if os.environ.get("TEST_ENGINE") == "postgres":
        return [kill_program, kill_connections, restart_server, kill_connections]
    return [kill_program]


def main():
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    chance = random.Random(7)
    program = Program(sys.argv[1])
    try:
        shop = Shop(program, 1000000, variants=4)
        buyers = [Buyer(program, shop, n) for n in range(CLIENTS)]
        for buyer in buyers:
            buyer.start()
        dealt = collections.Counter()
        for n in range(times):
            time.sleep(chance.uniform(0.2, 1.5))
            blow = blows()[n % len(blows())]
            blow(program)
            dealt[blow.__name__] += 1
        time.sleep(1)
        for buyer in buyers:
            buyer.stopping = True
        for buyer in buyers:
            buyer.join(60)
        found = all_orders(Client(program.port, program.sign_in()))
        placed = {id: name for buyer in buyers for id, name in buyer.placed.items()}
        odd = [o for buyer in buyers for o in buyer.odd]
        lost = [id for id in placed if id not in found or found[id]["state"] in ("draft", "cancelled")]
        names = [order["reference"] for order in found.values()]
        doubled = len(names) - len(set(names))
        program.stop()
        verified = program.verify()
        print(verified)
        good = not lost and not doubled and not odd and placed and "nothing found" in verified
        print(f"kill: {dict(dealt)}, {len(placed)} orders answered, {len(lost)} lost, {doubled} doubled,"
              f" {len(odd)} odd answers", "- as it should be" if good else f"- WRONG {odd[:3]}")
        return 0 if good else 1
    finally:
        program.remove()


sys.exit(main())
