#!/usr/bin/env python3
"""start.py [ENTREPOT [RUNS]] - how soon the program serves its first page, what memory it holds idle and while 256
clients read lists and write orders, and how large it is. Memory is PSS of all its processes, from the kernel
(/proc/PID/smaps_rollup). On PostgreSQL under tests/postgres.sh; the database server's own memory is not counted."""
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/faults"))
from company import Client, Program, Shop  # noqa: E402

CLIENTS, SECONDS = 256, 8


def row(what, ours, goal=""):
    print(f"{what:58} {'':11} {ours:>11} {'':7}   {goal}")


def pss_mb(pid):
    pids = [pid] + [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    texts = [pathlib.Path(f"/proc/{p}/smaps_rollup").read_text() for p in pids]
    return sum(int(line.split()[1]) for text in texts for line in text.splitlines() if line.startswith("Pss:")) / 1024


def first_page_ms(program):
    """From starting the process to the last byte of the sign-in page."""
    start = time.perf_counter()
    program.process = subprocess.Popen([program.binary, "serve", "--port", str(program.port)], env=program.env)
    while True:
        try:
            if Client(program.port).ask("GET", "/admin/sign-in")[0] == 200:
                return (time.perf_counter() - start) * 1000
        except OSError:
            time.sleep(0.001)


def cpu_ms(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 10


def work(program, shop, gate):
    client = Client(program.port, shop.token)
    gate.wait()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        client.insist("GET", "/api/v1/oms/orders?limit=50")
        client.insist("POST", "/api/v1/oms/orders", shop.order(shop.variants[0], 1))


def measure_starts(program, runs):
    times, used = [], []
    for _ in range(runs):
        times.append(first_page_ms(program))
        used.append(cpu_ms(program.process.pid))
        program.stop()
    row("start to first page, ms on the clock", f"{statistics.median(times):.0f}", "100 ms")
    row("  the same, ms CPU", f"{statistics.median(used):.0f}")


def measure_memory(program, shop):
    gate = threading.Barrier(CLIENTS + 1)  # all at once: starting so many takes longer than their work
    threads = [threading.Thread(target=work, args=(program, shop, gate)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    gate.wait()
    most = 0
    while any(thread.is_alive() for thread in threads):
        most = max(most, pss_mb(program.process.pid))
        time.sleep(0.25)
    row(f"memory at {CLIENTS} clients, at most, MB", f"{most:.1f}", "120 MB")
    row("memory after them, MB", f"{pss_mb(program.process.pid):.1f}")


def main():
    binary = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/release/src/entrepot")
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    program = Program(binary)
    try:
        shop = Shop(program, 1000000)
        program.stop()
        row("the program", "ours", "goal")
        measure_starts(program, runs)
        program.start()
        time.sleep(2)
        row("memory idle, MB", f"{pss_mb(program.process.pid):.1f}", "40 MB")
        shop.token = program.sign_in()
        measure_memory(program, shop)
        with tempfile.NamedTemporaryFile() as stripped:
            subprocess.run(["strip", "-o", stripped.name, binary], check=True)
            row("size of the program, stripped, MB", f"{pathlib.Path(stripped.name).stat().st_size / 1e6:.1f}", "15 MB")
        program.stop()
    finally:
        program.remove()


main()
