"""Draw a look-back lottery again: python3 lottery.py POPULATION.csv SEED HOW_MANY

A case of weight w holds w tickets, ticket n being SHA-256 of "seed|number|n"; the smallest tickets win.
"""

import csv
import hashlib
import sys

path, seed, size = sys.argv[1:]
with open(path, encoding="utf-8-sig", newline="") as file:
    cases = list(csv.DictReader(file))


def best(case):
    texts = [f"{seed}|{case['number']}|{n}" for n in range(1, int(case["weight"]) + 1)]
    return min(hashlib.sha256(text.encode()).hexdigest() for text in texts), case["number"]


sys.stdout.writelines(f"{number}\n" for ticket, number in sorted(map(best, cases))[: int(size)])
