"""The lottery of look-backs: weights and tickets. Pure, whole numbers only, the same on every machine.

A case of weight w holds w tickets. Ticket n of a case is SHA-256 of "seed|number|n"; the cases with the
smallest tickets are drawn. The smallest of w uniform numbers behaves like Efraimidis and Spirakis' key
(2006), so this is a weighted sample without replacement; no logarithm, nothing to round.
`docs/lottery.py` does the same from the published files, without this program.
"""

import csv
import hashlib
import io
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# Kept with every draw as it was: a later change never alters what a draw meant.
FORMULA = {
    "grade": {"major": 5, "general": 1},  # risk
    "money": {"yuan_a_point": 10_000, "most": 5},  # what was spent on it
    "rebound": {"points": 3, "most": 9},  # each time that it came back
    "sent_back": {"points": 1, "most": 3},  # each time that its rectification was not accepted
}
COLUMNS = ["number", "grade", "money", "reopened", "sent_back", "weight"]
MOST_CASES = 20_000  # a population beyond this is narrowed by its period first
MOST_PICKS = 500


class SeedKind(TextChoices):
    SEALED = "sealed", _("Sealed here: its hash is published first, the seed when it is drawn")
    PUBLIC = "public", _("From a public source that nobody here can foresee, named first")


class DrawStatus(TextChoices):
    FROZEN = "frozen", _("Population frozen, not drawn yet")
    DRAWN = "drawn", _("Drawn")
    CANCELLED = "cancelled", _("Given up before the draw")


def weight_of(grade, money, reopened, sent_back, formula=None):
    """How many tickets a case holds, from risk, money and history: a whole number of 1 or more."""
    rule = formula or FORMULA
    points = rule["grade"].get(grade, 1)
    points += min(int((money or Decimal(0)) // rule["money"]["yuan_a_point"]), rule["money"]["most"])
    points += min(reopened * rule["rebound"]["points"], rule["rebound"]["most"])
    points += min(sent_back * rule["sent_back"]["points"], rule["sent_back"]["most"])
    return max(points, 1)


def ticket(seed, number, n):
    """Ticket `n` (from 1) of a case: 64 hex digits."""
    return hashlib.sha256(f"{seed}|{number}|{n}".encode()).hexdigest()


def best_ticket(seed, number, weight):
    """The smallest of the tickets that a case holds."""
    return min(ticket(seed, number, n) for n in range(1, weight + 1))


def drawn(rows, seed, size):
    """[(number, ticket)] of the `size` cases with the smallest tickets, the first drawn first.

    `rows`: (number, weight). Depends on nothing else, not even on the order of the rows.
    """
    best = sorted((best_ticket(seed, number, weight), number) for number, weight in rows)
    return [(number, key) for key, number in best[:size]]


def as_csv(rows):
    """The population as text: a head and a line a case, sorted by number, lines ended by a line feed."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted(rows, key=lambda row: row[0]))
    return stream.getvalue()


def from_csv(text):
    """[{column: text}] of a population."""
    return list(csv.DictReader(io.StringIO(text)))


def digest(text):
    """SHA-256 of a text in UTF-8, 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()
