#!/usr/bin/env python3
"""match_ledger.py STATEMENT_TOOL STATEMENTS OUT LINES SEED - a ledger and the bank lines that pay it.

The wording comes from real statement files: what stands around invoice numbers, the names, and the
lines that pay nothing of ours (card payments, rent, fees, interest) are theirs. Open items and the
way each is paid are drawn by chance from the seed: with or without the number, misspelt, cut by the
bank, several at once, in parts, short by a fee or a discount, too much, in another currency, twice,
by somebody else, and for invoices that are long paid. Writes lines.jsonl, items.jsonl and
confirmed.jsonl (which items each line truly pays)."""
import glob, json, os, random, subprocess, sys
from datetime import date, timedelta

tool, folder, out, count, seed = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
R = random.Random(seed)
os.makedirs(out, exist_ok=True)

# ---- What the real files say --------------------------------------------------------------------


def real_lines():
    found = []
    for path in sorted(glob.glob(os.path.join(folder, "*", "*"))):
        if path.endswith(".json"):
            continue
        read = subprocess.run([tool, path], capture_output=True, text=True)
        if read.returncode == 0:
            for statement in json.loads(read.stdout)["statements"]:
                found += statement["lines"]
    return found


REAL = real_lines()
TEXTS = sorted({(l.get("remittance") or l.get("text") or "").replace("\n", " ")[:120] for l in REAL} - {""})
NAMES = sorted({l["counterparty"]["name"] for l in REAL if l.get("counterparty", {}).get("name")})
FIRST = "Alpha Nord Baltic Meyer Huber Jansen Rossi Kowalski Silva Garcia Patel Khan Tanaka Larsen Dubois Novak Weber Fischer Lopez Costa Bauer Horvat Olsen Peeters Martin Keller Schmitt Brandt Okafor Mehta".split()
SECOND = "Textil Moda Leder Schuh Logistik Handel Bau Technik Foods Pharma Metall Papier Druck Design Sport Optik Holz Glas Motor Chemie Garment Export Trading Retail Mode Steel Energy Media Fashion Tools".split()
FORM = ["GmbH", "B.V.", "Ltd.", "S.A.", "AG", "Sp. z o.o.", "SARL", "Inc.", "& Co. KG", "AB"]
WORDS = ["Invoice", "Rechnung", "RE", "Rg.Nr.", "Factuur", "FACTUURNUMMER", "inv", "Faktura", "payment", "Zahlung", "", "your ref", "RNr", "bill no"]
SCHEME = R.choice(["RE-2026-%05d", "INV/26/%06d", "2026%05d", "F%06d", "SI-%06d", "AR26%05d"])
NUMBER_FROM = R.randrange(100, 40000)


def iban():
    bank = "%018d" % R.randrange(10**18)
    digits = int(bank + "131400")
    return "DE%02d%s" % (98 - digits % 97, bank)


def company(i):
    if i % 40 == 0:
        return R.choice(NAMES)
    return "%s %s%s %s" % (R.choice(FIRST), R.choice(SECOND), R.choice(["", "", " " + R.choice(SECOND)]), R.choice(FORM))


def amount():
    if R.random() < 0.2:
        return R.choice([2500, 4900, 9900, 10000, 11900, 25000, 50000, 59500, 100000])
    return max(500, int(R.lognormvariate(10.3, 1.2)))


# ---- The ledger ---------------------------------------------------------------------------------

items, lines, truth = [], [], {}
BASE = date(2026, 1, 2)


def new_item(party, value=None, currency="EUR", credit=False):
    day = BASE + timedelta(days=R.randrange(120))
    cents = value or amount()
    discount = int(cents * R.choice([2, 3]) / 100) if R.random() < 0.15 and not credit else 0
    item = {"id": "i%d" % (len(items) + 1), "number": SCHEME % (NUMBER_FROM + len(items)),
            "party": party["key"], "name": party["name"], "iban": party["iban"] if party["known"] else "",
            "cents": -cents if credit else cents, "currency": currency, "date": day,
            "due": day + timedelta(days=R.choice([14, 30, 30, 60])), "discount": discount,
            "until": day + timedelta(days=10)}
    items.append(item)
    party["items"].append(item)
    return item


def new_party(i):
    party = {"key": "P%d" % i, "name": company(i), "iban": iban(), "known": R.random() < 0.4, "items": []}
    flat = amount() if R.random() < 0.2 else None  # the same each month
    currency = "USD" if R.random() < 0.04 else "EUR"
    for _ in range(R.choice([1, 1, 2, 2, 3, 4, 6, 9, 14])):
        new_item(party, flat if flat and R.random() < 0.9 else None, currency)
    return party


# ---- How payers write ---------------------------------------------------------------------------


def slip(text):
    at = [i for i, c in enumerate(text) if c.isdigit()]
    i = R.choice(at)
    how = R.random()
    if how < 0.5:
        return text[:i] + R.choice("0123456789") + text[i + 1:]
    if how < 0.75 and i + 1 < len(text):
        return text[:i] + text[i + 1] + text[i] + text[i + 2:]
    return text[:i] + text[i + 1:]


def written(number):
    how = R.random()
    if how < 0.45:
        text = number
    elif how < 0.6:
        text = number.replace("-", " ").replace("/", " ")
    elif how < 0.72:
        text = "".join(c for c in number if c.isalnum()).lower()
    elif how < 0.87:
        text = "".join(c for c in number if c.isdigit())
    else:
        text = number.split("-")[-1].split("/")[-1].lstrip("0") or number
    return slip(text) if R.random() < 0.04 else text


def wording(numbers):
    said = R.choice([", ", " ", " + ", "; "]).join(written(n) for n in numbers)
    text = ("%s %s" % (R.choice(WORDS), said)).strip() if numbers else ""
    if R.random() < 0.35 or not text:
        around = R.choice(TEXTS)
        text = "%s %s" % (around[:R.randrange(10, 60)], text) if R.random() < 0.5 else "%s %s" % (text, around[:40])
    if R.random() < 0.12:
        cut = R.choice([27, 35])
        text = " ".join(text[i:i + cut] for i in range(0, len(text), cut))
    return text.strip()


def payer(party):
    name = party["name"]
    how = R.random()
    if how < 0.06:
        return R.choice(FIRST) + " " + R.choice(["Family", "Holding", "Treuhand", "Services"]), iban()
    if how < 0.35:
        name = name.upper()
    elif how < 0.5:
        name = " ".join(name.split()[:2])
    elif how < 0.56:
        name = name[:R.randrange(6, 18)]
    elif how < 0.6:
        name = ""
    return name, party["iban"] if R.random() < 0.75 else ""


def line(party, cents, numbers, paid, when, **more):
    name, account = payer(party)
    text = wording([] if R.random() < 0.1 else numbers)
    lines.append({"cents": cents, "currency": "EUR", "name": name, "iban": account, "remittance": text,
                  "date": when, "paid": [i["id"] for i in paid], **more})


# ---- How items are paid -------------------------------------------------------------------------


def when_paid(item):
    return item["due"] + timedelta(days=int(R.gauss(-3, 9)))


def pay_single(party, item):
    cents, day, number = item["cents"], when_paid(item), [item["number"]]
    how = R.random()
    if how < 0.60:
        line(party, cents, number, [item], day)
    elif how < 0.70:
        line(party, cents, [], [item], day)
    elif how < 0.75:
        line(party, max(100, int(cents * R.choice([0.25, 0.5, 0.5, R.random()]))), number, [item], day)
    elif how < 0.79:
        parts = R.choice([2, 3])
        for i in range(parts):
            share = cents // parts if i else cents - cents // parts * (parts - 1)
            line(party, share, number, [item], day + timedelta(days=i * 7))
    elif how < 0.85:
        line(party, max(100, cents - R.choice([500, 750, 1000, 1500, 2500, R.randrange(100, 3000)])), number, [item], day)
    elif how < 0.91 and item["discount"]:
        line(party, cents - item["discount"], number, [item], item["until"] - timedelta(days=R.randrange(8)))
    elif how < 0.93:
        line(party, cents + R.choice([10, 100, R.randrange(1, 20000)]), number, [item], day)
    elif how < 0.936:  # twice
        line(party, cents, number, [item], day)
        line(party, cents, number, [], day + timedelta(days=R.randrange(1, 15)))
    else:
        line(party, cents, number, [item], day)


def pay_dollars(party, item):
    euros = int(item["cents"] * 0.92 * R.uniform(0.985, 1.01))
    more = {"original": item["cents"]} if R.random() < 0.5 else {}
    line(party, euros, [item["number"]], [item], when_paid(item), **more)


def pay_several(party, chosen):
    numbers = [i["number"] for i in chosen]
    how = R.random()
    if how < 0.2:
        numbers = numbers[:1]
    elif how < 0.35:
        numbers = []
    cents = sum(i["cents"] for i in chosen)
    if R.random() < 0.06:
        cents -= R.choice([500, 1500])
    line(party, cents, numbers, chosen, max(when_paid(i) for i in chosen))


def pay_party(party):
    left = [i for i in party["items"] if R.random() > 0.08]  # some stay open
    left.sort(key=lambda i: i["due"])
    while left:
        if party["items"][0]["currency"] == "USD":
            pay_dollars(party, left.pop(0))
        elif len(left) >= 2 and R.random() < 0.2:
            take = min(len(left), R.choice([2, 2, 3, 4, 5]))
            chosen = [left.pop(0) for _ in range(take)]
            if R.random() < 0.12:
                chosen.append(new_item(party, max(100, chosen[0]["cents"] // R.randrange(5, 20)), credit=True))
            pay_several(party, chosen)
        else:
            pay_single(party, left.pop(0))


def pay_nothing(i):
    if R.random() < 0.75:  # a real line, as it is but for its day
        real = R.choice(REAL)
        party = real.get("counterparty", {})
        lines.append({"cents": int(round(float(real["amount"]) * 100)), "currency": "EUR", "name": party.get("name", ""),
                      "iban": party.get("iban", ""), "remittance": (real.get("remittance") or real.get("text") or "").replace("\n", " "),
                      "date": BASE + timedelta(days=R.randrange(180)), "paid": []})
    else:  # an invoice that is no longer open
        party = {"name": company(i), "iban": iban()}
        line(party, amount(), [SCHEME % R.randrange(1, NUMBER_FROM)], [], BASE + timedelta(days=R.randrange(180)))


i = 0
while len(lines) < count:
    i += 1
    pay_party(new_party(i))
    while R.random() < 0.35:
        pay_nothing(i)
lines = sorted(lines[:count], key=lambda l: l["date"])


# ---- Writing ------------------------------------------------------------------------------------


def money(cents):
    return "%s%d.%02d" % ("-" if cents < 0 else "", abs(cents) // 100, abs(cents) % 100)


with open(os.path.join(out, "lines.jsonl"), "w") as file, open(os.path.join(out, "confirmed.jsonl"), "w") as past:
    for n, l in enumerate(lines, 1):
        row = {"id": "b%d" % n, "date": str(l["date"]), "amount": money(l["cents"]), "currency": l["currency"],
               "name": l["name"], "iban": l["iban"], "remittance": l["remittance"]}
        if "original" in l:
            row.update(original_amount=money(l["original"]), original_currency="USD")
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
        if l["paid"]:
            past.write(json.dumps({"line": "b%d" % n, "items": l["paid"]}) + "\n")
with open(os.path.join(out, "items.jsonl"), "w") as file:
    for item in items:
        row = {k: item[k] for k in ("id", "number", "party", "name", "iban", "currency")}
        row.update(amount=money(item["cents"]), date=str(item["date"]), due=str(item["due"]))
        if item["discount"]:
            row.update(discount=money(item["discount"]), discount_until=str(item["until"]))
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
