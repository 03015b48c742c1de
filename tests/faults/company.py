"""A program under test and a company in it that sells: started, killed, asked over HTTP. Standard library only."""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

LOGIN, PASSWORD = "owner@example.com", "a long enough one 7"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Client:
    """One connection, kept; made anew when it breaks. Not for several threads at once."""

    def __init__(self, port, token=None):
        self.port, self.token, self.connection = port, token, None

    def ask(self, method, path, body=None, key=None):
        """(status, tree); raises OSError or http.client.HTTPException when nobody answers."""
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = key
        try:
            if not self.connection:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            if self.connection:
                self.connection.close()
            self.connection = None
            raise
        is_tree = "json" in (answer.getheader("content-type") or "")
        return answer.status, json.loads(text) if text and is_tree else None

    def insist(self, method, path, body=None, key=None):
        """As a good client does: told to come back later (503), it comes back, under the same key."""
        while True:
            status, tree = self.ask(method, path, body, key)
            if status != 503:
                return status, tree
            time.sleep(0.2)

    def must(self, method, path, body=None):
        status, tree = self.insist(method, path, body)
        if status not in (200, 201, 204):
            raise SystemExit(f"{method} {path}: {status} {json.dumps(tree)}")
        return tree


class Program:
    """`entrepot` with a data folder of its own, on SQLite, or on PostgreSQL where TEST_PG says so."""

    def __init__(self, binary):
        self.binary = os.path.abspath(binary)
        self.folder = tempfile.mkdtemp(prefix="entrepot-fault-")
        self.port = free_port()
        self.process = None
        self.env = dict(os.environ, ENTREPOT_DATA=self.folder, ENTREPOT_LOG_LEVEL="error",
                        ENTREPOT_HTTP_RATE_PER_MINUTE="1000000")
        if os.environ.get("TEST_ENGINE") == "postgres":
            self.env["ENTREPOT_STORAGE_CONTROL"] = self.env["ENTREPOT_STORAGE_TENANTS"] = os.environ["TEST_PG"]

    def run(self, *words, stdin=None):
        done = subprocess.run([self.binary, *words], env=self.env, input=stdin, text=True,
                              capture_output=True)
        if done.returncode:
            raise SystemExit(f"entrepot {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self):
        self.process = subprocess.Popen([self.binary, "serve", "--port", str(self.port)], env=self.env)
        for _ in range(600):
            try:
                if Client(self.port).ask("GET", "/health/live")[0] == 200:
                    return
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)
        raise SystemExit("the program does not answer")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)

    def verify(self):
        return self.run("verify").strip().splitlines()[-1]

    def remove(self):
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sign_in(self):
        _, tokens = Client(self.port).ask("POST", "/api/v1/auth/login", {"login": LOGIN, "password": PASSWORD})
        return tokens["access_token"]


class Shop:
    """A company with one warehouse, one channel that sells on account, one customer, some variants."""

    def __init__(self, program, stock, variants=1):
        program.run("tenant", "create", "acme", "--name", "Acme Ltd")
        program.run("user", "create", LOGIN, "--name", "Owner", "--password-file", "-", stdin=PASSWORD + "\n")
        program.run("user", "add", LOGIN, "--tenant", "acme", "--roles", "Owner")
        program.start()
        self.token = program.sign_in()
        client = Client(program.port, self.token)
        make = lambda path, body: client.must("POST", "/api/v1" + path, body)["id"]
        self.warehouse = make("/company/places", {"place_code": "WH-1", "name": "Hall", "kind": "warehouse"})
        self.channel = make("/company/channels", {
            "channel_code": "counter", "name": "Counter", "currency": "GBP", "needs_payment": False,
            "warehouses": [{"warehouse": self.warehouse}]})
        self.customer = make("/party/parties", {
            "name": "Blue Shop", "is_customer": True,
            "addresses": [{"is_billing": True, "is_delivery": True, "street": "1 High Street",
                           "city": "Leeds", "postcode": "LS1 1AA", "country": "GB"}]})
        supplier = make("/party/parties", {"name": "Maker Ltd", "is_supplier": True})
        self.variants = []
        for i in range(variants):
            product = client.must("POST", "/api/v1/catalog/products", {
                "sku": f"P-{i}", "name": f"Product {i}", "kind": "goods", "unit": {"unit_code": "pcs"}})
            client.must("POST", f"/api/v1/catalog/products/{product['id']}/activate")
            product = client.must("GET", f"/api/v1/catalog/products/{product['id']}")
            self.variants.append(product["variants"][0]["id"])
        receipt = make("/inventory/receipts", {
            "supplier": supplier, "warehouse": self.warehouse, "currency": "GBP",
            "lines": [{"variant": v, "quantity": str(stock), "price": "4.00"} for v in self.variants]})
        client.must("POST", f"/api/v1/inventory/receipts/{receipt}/post")

    def order(self, variant, quantity, reference=""):
        return {"channel": self.channel, "customer": self.customer, "currency": "GBP", "reference": reference,
                "lines": [{"variant": variant, "quantity": str(quantity), "price": "10.00",
                           "is_price_fixed": True}]}
