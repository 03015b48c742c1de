#!/usr/bin/env python3
"""pages.py ENTREPOT [CLIENTS [SECONDS]] - the server's own time for each kind of page, under load: the demo company,
CLIENTS clients (4) who ask for one kind of page after the other for SECONDS (4) each, and what /metrics says afterwards
(http_page_time), beside the budget of each kind. Quantiles are those of the buckets, as Prometheus reckons
them: the buckets double, so a figure is right within its bucket only."""
import html
import http.client
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/faults"))
from company import free_port  # noqa: E402

DESK = {"login": "olivia@demo.example", "password": "look-around-in-entrepot"}
SHOP = "/shop/gifts"
# Kind, budget in ms (95 of 100), addresses.
KINDS = [
    ("list", 20, ["/admin/oms/orders?limit=50", "/admin/party/parties?limit=50"]),
    ("record", 30, ["{order}", "{product}"]),
    ("form", 30, ["/admin/oms/orders/new", "{order}/edit"]),
    ("board", 30, ["/admin/oms/orders?view=board"]),
    ("calendar", 30, ["/admin/oms/orders?view=calendar"]),
    ("report", 80, ["/admin/reports/oms.sales_by_month"]),
    ("dashboard", 80, ["/admin"]),
    ("palette", 15, ["/admin/search?q=teacup #palette-hits"]),
    ("part", 15, ["/admin/oms/orders?limit=50 #rows"]),
    ("settings", 30, ["/admin/settings"]),
    ("shop home", 15, [SHOP]),
    ("category", 15, [SHOP + "/c/kitchen", SHOP + "/c"]),
    ("product", 15, [SHOP + "/p/party-bunting"]),
    ("search", 15, [SHOP + "/search?q=tea"]),
    ("cart", 25, [SHOP + "/cart"]),
    ("checkout", 25, [SHOP + "/checkout"]),
    ("account", 25, [SHOP + "/account"]),
]


class Visitor:
    """One connection, with its cookies."""

    def __init__(self, port, cookies=()):
        self.connection = http.client.HTTPConnection("localhost", port, timeout=60)
        self.cookies = dict(cookies)

    def ask(self, method, target, fields=None, part=""):
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept-Encoding": "gzip"}
        if part:
            headers["HX-Target"] = "div" + part
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, target, body, headers)
        answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read()

    def page(self, target):
        target, _, part = target.partition(" ")
        status, _ = self.ask("GET", target, part=part)
        if status != 200:
            raise RuntimeError(f"{target} answered {status}")

    def text(self, target):
        self.connection.request("GET", target, headers={"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())})
        return self.connection.getresponse().read().decode()


def visitor(port):
    """Somebody of the house with a bag in the shop, filled before she signs in: afterwards a form needs its token."""
    one = Visitor(port)
    for address, fields in ((SHOP + "/cart/add", {"product": "party-bunting", "quantity": "2"}), ("/admin/sign-in", DESK)):
        status, _ = one.ask("POST", address, fields)
        if status != 303:
            sys.exit(f"pages.py: {address} answered {status}")
    return one


def first_link(one, address, pattern):
    return html.unescape(re.search(f'href="({pattern}[^"/]*)"', one.text(address)).group(1))


def press(port, visitors, addresses, seconds):
    refused = []

    def work(cookies):
        one, end, turn = Visitor(port, cookies), time.monotonic() + seconds, 0
        try:
            while time.monotonic() < end:
                one.page(addresses[turn % len(addresses)])
                turn += 1
        except RuntimeError as why:
            refused.append(str(why))

    threads = [threading.Thread(target=work, args=(one.cookies,)) for one in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        sys.exit(f"pages.py: {refused[0]}")


def buckets_of(metrics, kind):
    """Bounds in ms with how many took at most so long; how many there were."""
    found = re.findall(rf'http_page_time_bucket{{page="{kind}",le="([^"]+)"}} (\d+)', metrics)
    return [(float(le) * 1000, int(n)) for le, n in found]


def quantile(buckets, share):
    rank, below, bound_below = share * buckets[-1][1], 0, 0.0
    for bound, count in buckets:
        if count >= rank and count > below:
            return bound_below + (bound - bound_below) * (rank - below) / (count - below) if bound != float("inf") else bound_below
        below, bound_below = count, bound
    return bound_below


def report(metrics):
    print(f"{'page':10} {'asked':>7} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'budget':>7}")
    for kind, budget, _ in KINDS:
        buckets = buckets_of(metrics, kind)
        p50, p95, p99 = (quantile(buckets, share) for share in (0.5, 0.95, 0.99))
        print(f"{kind:10} {buckets[-1][1]:7} {p50:8.2f} {p95:8.2f} {p99:8.2f} {budget:7}  {'' if p95 <= budget else 'over'}")


def main():
    binary, clients, seconds = pathlib.Path(sys.argv[1]).resolve(), int((sys.argv + [4, 4])[2]), float((sys.argv + [4, 4, 4])[3])
    with tempfile.TemporaryDirectory(prefix="entrepot-pages-") as home:
        port = free_port()
        config = pathlib.Path(home, "entrepot.ini")
        config.write_text(f"[storage]\ndata = {home}/data\nmaster_key = {home}/master.key\n"
                          f"[http]\nport = {port}\nrate_per_minute = 1000000\n")
        pathlib.Path(home, "data").mkdir()
        subprocess.run([binary, "demo", "--config", config], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with open(pathlib.Path(home, "log"), "wb") as log:
            server = subprocess.Popen([binary, "serve", "--config", config], cwd=ROOT, stdout=log, stderr=log)
        try:
            while b"serve.ready" not in pathlib.Path(home, "log").read_bytes():
                time.sleep(0.1)
            visitors = [visitor(port) for _ in range(clients)]
            one = visitors[0]
            found = {"{order}": first_link(one, "/admin/oms/orders", "/admin/oms/orders/~"),
                     "{product}": first_link(one, "/admin/catalog/products", "/admin/catalog/products/~")}
            for kind, _, addresses in KINDS:
                for sign, link in found.items():
                    addresses = [address.replace(sign, link) for address in addresses]
                press(port, visitors, addresses, seconds)
            report(Visitor(port).text("/metrics"))
        finally:
            server.terminate()
            server.wait()


main()
