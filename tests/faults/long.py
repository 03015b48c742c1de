#!/usr/bin/env python3
"""long.py ENTREPOT [MINUTES] - a company at work for a while (30 minutes): orders, reads, reports, imports, backups
and jobs at once, at a steady pace. Every ten seconds a line: memory (PSS of all our processes), descriptors,
connections, what waits, and p50 and p99 of the answers in milliseconds. At the end memory, descriptors and
connections must not have grown between the second third and the last, nothing may wait, nothing was answered
wrongly, and verify finds nothing; times are told, not judged. On PostgreSQL: under tests/postgres.sh."""
import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time

from company import Client, Program, Shop

ORDERERS, READERS, PACE_S, LINE_S = 3, 3, 0.05, 10
READS = ["/oms/orders?limit=50&fields=number,headline,total", "/catalog/products?limit=50", "/party/parties?limit=20",
         "/inventory/available-stocks?limit=50", "/billing/invoices?limit=20", "/ledger/entries?limit=20"]
REPORTS = ["oms.sales_by_month?from=2020-01-01&until=2030-12-31", "oms.open_orders?from=2020-01-01&until=2030-12-31"]


class Worker(threading.Thread):
    """Does one thing again and again, at a pace, and remembers how long each answer took."""

    def __init__(self, load, name, work, pace):
        super().__init__(daemon=True, name=name)
        self.load, self.work, self.pace = load, work, pace
        self.client = Client(load.program.port, load.shop.token)
        self.count = 0

    def ask(self, method, path, body=None, key=None):
        started = time.monotonic()
        while True:
            status, tree = self.client.ask(method, path, body, key)
            if status == 401:
                self.client.token = self.load.program.sign_in()
            elif status == 503:
                self.load.busy += 1
                time.sleep(0.05)
            else:
                break
        self.load.took(time.monotonic() - started)
        return status, tree

    def run(self):
        while not self.load.stopping:
            try:
                self.work(self)
            except (OSError, http.client.HTTPException, ValueError) as problem:
                self.load.odd.append((self.name, repr(problem)))
            self.count += 1
            time.sleep(self.pace)


class Load:
    def __init__(self, program, shop):
        self.program, self.shop = program, shop
        self.times, self.lock = [], threading.Lock()
        self.odd, self.busy, self.stopping = [], 0, False

    def took(self, seconds):
        with self.lock:
            self.times.append(seconds)

    def take_times(self):
        with self.lock:
            times, self.times = sorted(self.times), []
        return times

    def expect(self, worker, wanted, answer):
        if answer[0] not in wanted:
            self.odd.append((worker.name, answer[0], json.dumps(answer[1])[:200]))
        return answer[1]

    def order(self, worker):
        name = f"{worker.name}-{worker.count}"
        variant = self.shop.variants[worker.count % len(self.shop.variants)]
        order = self.expect(worker, (201,), worker.ask("POST", "/api/v1/oms/orders",
                                                       self.shop.order(variant, 1, name), "order-" + name))
        if not order or "id" not in order:
            return
        path = "/api/v1/oms/orders/" + order["id"]
        self.expect(worker, (200,), worker.ask("POST", path + "/place", None, "place-" + name))
        if worker.count % 4 == 0:
            self.expect(worker, (200,), worker.ask("POST", path + "/plan", None, "plan-" + name))
        elif worker.count % 7 == 0:
            self.expect(worker, (200,), worker.ask("POST", path + "/cancel", {"reason": "customer"}))

    def read(self, worker):
        self.expect(worker, (200,), worker.ask("GET", "/api/v1" + READS[worker.count % len(READS)]))

    def report(self, worker):
        self.expect(worker, (200,), worker.ask("GET", "/admin/reports/" + REPORTS[worker.count % len(REPORTS)]))

    def upsert(self, worker):
        rows = [{"name": f"Somebody {worker.count} {i}", "is_customer": True} for i in range(100)]
        self.expect(worker, (200, 201), worker.ask("POST", "/api/v1/party/parties/_bulk", rows))

    def backup(self, worker):
        path = os.path.join(self.program.folder, "long.backup")
        self.program.run("backup", "--tenant", "acme", "--to", path)
        self.program.run("backup", "--check", path)
        os.remove(path)


# ---- Watching ------------------------------------------------------------------------------------------------------

def family(pid):
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    return [pid] + [int(c) for c in children]


def pss_mb(pid):
    total = 0
    for each in family(pid):
        try:
            with open(f"/proc/{each}/smaps_rollup") as rollup:
                total += int(re.search(r"^Pss:\s+(\d+)", rollup.read(), re.M).group(1))
        except OSError:
            pass
    return total / 1024


def connections(pid):
    if os.environ.get("TEST_ENGINE") != "postgres":
        return 0
    return int(subprocess.run(["psql", "-qAt", os.environ["TEST_PG"], "-c",
                               "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'entrepot'"],
                              check=True, capture_output=True, text=True).stdout)


def waiting(port):
    """What /metrics says that waits: tasks of lanes, requests, jobs that are due."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    return sum(float(line.split()[-1]) for line in text.splitlines()
               if re.match(r"^\w*(waiting|queued|queue_length|jobs_due)\w*(\{.*\})? ", line))


def line(load, started, rows):
    pid, times = load.program.process.pid, load.take_times()
    at = lambda share: 1000 * times[min(len(times) - 1, int(len(times) * share))] if times else 0
    row = {"s": round(time.monotonic() - started), "pss": round(pss_mb(pid), 1),
           "fds": len(os.listdir(f"/proc/{pid}/fd")), "conns": connections(pid),
           "waiting": waiting(load.program.port), "asked": len(times), "p50": round(at(0.5), 1),
           "p99": round(at(0.99), 1)}
    rows.append(row)
    print(" ".join(f"{k} {v}" for k, v in row.items()), flush=True)


def grew(rows, what, room):
    third = max(1, len(rows) // 3)
    middle = max(r[what] for r in rows[third:2 * third] or rows)
    last = max(r[what] for r in rows[2 * third:] or rows)
    return f"{what} grew from {middle} to {last}" if last > middle + room else None


def main():
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 30
    program = Program(sys.argv[1])
    try:
        shop = Shop(program, 10000000, variants=20)
        load, rows = Load(program, shop), []
        workers = [Worker(load, f"order{n}", load.order, PACE_S) for n in range(ORDERERS)]
        workers += [Worker(load, f"read{n}", load.read, PACE_S) for n in range(READERS)]
        workers += [Worker(load, "report", load.report, 1), Worker(load, "upsert", load.upsert, 5),
                    Worker(load, "backup", load.backup, 20)]
        started = time.monotonic()
        for worker in workers:
            worker.start()
        while time.monotonic() - started < minutes * 60:
            time.sleep(LINE_S)
            line(load, started, rows)
        load.stopping = True
        for worker in workers:
            worker.join(120)
        time.sleep(5)
        line(load, started, [])
        left = waiting(program.port)
        program.stop()
        verified = program.verify()
        print(verified)
        wrong = [w for w in (grew(rows, "pss", 0.15 * rows[-1]["pss"] + 5), grew(rows, "fds", 10),
                             grew(rows, "conns", 4), f"{left} still wait" if left else None,
                             f"{len(load.odd)} odd answers {load.odd[:3]}" if load.odd else None) if w]
        good = not wrong and "nothing found" in verified
        print(f"long: {minutes} minutes, {sum(r['asked'] for r in rows)} answers, {load.busy} told to come back,"
              f" {sum(w.count for w in workers if w.name == 'backup')} backups",
              "- as it should be" if good else f"- WRONG {wrong}")
        return 0 if good else 1
    finally:
        program.remove()


sys.exit(main())
