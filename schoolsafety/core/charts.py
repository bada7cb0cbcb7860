"""Charts as geometry: figures in, coordinates and words out; templates/charts/ draws them for page and PDF.

Every function returns plain JSON: "form" (the template's name), "width" and "height" of the view box, "title"
and "desc" for those who cannot see it, "table" (its twin: {"head", "rows"}), and the shapes. Words come
from the caller, in the reader's language. Values are int, float or Decimal; None is a gap, not a zero.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

Number = int | float | Decimal
MOST_SERIES = 6
WIDTH = 480
TEXT = 16  # a label's size on a phone, in units of the view box; on paper and wide screens it is 14
LONGEST_NAME = 180
ROW = 30


def line(
    labels: Sequence[str], series: Mapping[str, Sequence[Number | None]], *, title: str, desc: str,
    unit: str = "", start: Number = 0, target: Number | None = None, target_label: str = "",
    height: int = 250,
) -> dict:  # fmt: skip
    """Better or worse than before: one to six lines over the same points in time, the last point labelled.

    The scale begins at `start`, above 0 only for rates that never come near it. `target` draws a dashed
    line with `target_label`.
    """
    _check(series, labels)
    values = [float(value) for row in series.values() for value in row if value is not None]
    steps = nice_steps(max([*values, float(target or 0), float(start) + 1]), start=float(start))
    names_width = max(text_width(_end_text(name, row, unit, len(series))) for name, row in series.items())
    left, right = text_width(f"{_say(steps[-1])}{unit}") + 12, WIDTH - names_width - 14
    top, bottom = 16, height - 30
    xs = spread(len(labels), left + 8, right)

    def y_of(value: Number) -> float:
        share = (float(value) - steps[0]) / (steps[-1] - steps[0])
        return round(bottom - max(share, 0) * (bottom - top), 2)

    drawn = [
        _one_line(place, name, row, xs, y_of, unit, len(series))
        for place, (name, row) in enumerate(series.items(), 1)
    ]
    _keep_apart([one["label"] for one in drawn if one["label"]], top, bottom)
    return {
        "form": "line", "title": title, "desc": desc, "width": WIDTH, "height": height,
        "left": left, "right": right, "tick_x": round(left - 6, 2), "series": drawn,
        "ticks": [
            {"y": y_of(step), "text_y": y_of(step) + 5, "text": f"{_say(step)}{unit}"} for step in steps
        ],
        "marks": _marks(labels, xs, right - left), "marks_y": bottom + 20,
        "target": {"x": round(left + 4, 2), "y": y_of(target), "text_y": round(y_of(target) - 5, 2),
                   "text": target_label} if target else None,
        "table": _table(["", *series], [[label, *[row[n] for row in series.values()]]
                                        for n, label in enumerate(labels)]),
    }  # fmt: skip


def bars(
    rows: Sequence[tuple[str, Number]], *, title: str, desc: str, value_label: str, unit: str = "",
    median_label: str = "", limit: int = 15,
) -> dict:  # fmt: skip
    """Who has most: horizontal bars from 0, longest first, at most `limit`; a line at the median if named."""
    ordered = sorted(rows, key=lambda row: -row[1])[:limit]
    names = min(max((text_width(name) for name, _ in ordered), default=0), LONGEST_NAME)
    left, top = names + 10, 26 if median_label else 6
    most = max((float(value) for _, value in ordered), default=0) or 1
    room = WIDTH - left - max((text_width(f"{_say(value)}{unit}") for _, value in ordered), default=0) - 14
    drawn = [
        {"name": shorten(name, LONGEST_NAME), "name_y": top + n * ROW + 19,
         "y": top + n * ROW + 5, "height": ROW - 10,
         "length": round(float(value) / most * room, 2), "text": f"{_say(value)}{unit}",
         "text_x": round(left + float(value) / most * room + 6, 2)}
        for n, (name, value) in enumerate(ordered)
    ]  # fmt: skip
    height = top + len(drawn) * ROW + 6
    middle = _median([float(value) for _, value in rows]) if median_label and len(rows) > 2 else None
    at = round(left + min(middle / most, 1) * room, 2) if middle is not None else 0
    return {
        "form": "bars", "title": title, "desc": desc, "width": WIDTH, "height": height, "left": left,
        "name_x": left - 8, "top": top, "foot": height - 6, "bars": drawn,
        "median": {"x": at, "text": f"{median_label} {_say(middle)}{unit}",
                   "anchor": "end" if at > WIDTH - 120 else "start"} if middle is not None else None,
        "table": _table(["", value_label], ordered),
    }  # fmt: skip


def stack(
    bins: Sequence[tuple[str, int]], *, title: str, desc: str, value_label: str, unit: str = ""
) -> dict:
    """How old is the backlog: one bar in at most six parts, in the order given, the labels under it."""
    if len(bins) > MOST_SERIES:
        raise ValueError(f"A bar has at most {MOST_SERIES} parts, not {len(bins)}.")
    whole, x, parts = sum(count for _, count in bins), 0.0, []
    slot = WIDTH / max(len(bins), 1)
    for place, (name, count) in enumerate(bins):
        width = count / whole * WIDTH if whole else 0
        parts.append({
            "x": round(x, 2), "width": round(width, 2), "step": place + 1, "name": name,
            "text": f"{_say(count)}{unit}", "key_x": round(place * slot, 2),
            "text_x": round(place * slot + 20, 2),
        })  # fmt: skip
        x += width
    return {
        "form": "stack", "title": title, "desc": desc, "width": WIDTH, "height": 96, "parts": parts,
        "is_empty": not whole, "table": _table(["", value_label], bins),
    }  # fmt: skip


def flow(
    opening: int, added: int, closed: int, *, names: Sequence[str], title: str, desc: str,
    value_label: str, unit: str = "",
) -> dict:  # fmt: skip
    """The month as an equation: carried over + new - closed = open. `names` are the four words for these."""
    values = [opening, added, closed, opening + added - closed]
    if len(names) != len(values):
        raise ValueError("An equation has four terms, each with its name.")
    slot = WIDTH / len(values)
    terms = [
        {"x": round(slot * place + 18, 2), "middle": round(slot * (place + 0.5) + 2, 2),
         "width": round(slot - 32, 2), "name": name, "text": f"{_say(value)}{unit}",
         "sign": sign, "sign_x": round(slot * place + 2, 2), "is_result": sign == "="}
        for place, (name, value, sign) in enumerate(zip(names, values, ["", "+", "−", "="], strict=True))
    ]  # fmt: skip
    return {
        "form": "flow", "title": title, "desc": desc, "width": WIDTH, "height": 92, "terms": terms,
        "table": _table(["", value_label], list(zip(names, values, strict=True))),
    }  # fmt: skip


def nice_steps(most: float, wanted: int = 4, start: float = 0) -> list[float]:
    """Even steps from `start` to at least `most`: 1, 2, 2.5 or 5 times a power of ten apart."""
    rough = (most - start) / wanted
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    if step < 1 and most >= 1:
        step = 1
    count = math.ceil(round((most - start) / step, 6))
    return [round(start + step * n, 6) for n in range(count + 1)]


def spread(count: int, first: float, last: float) -> list[float]:
    """`count` places, evenly from `first` to `last`; a single one lies in the middle."""
    if count == 1:
        return [round((first + last) / 2, 2)]
    return [round(first + (last - first) * n / (count - 1), 2) for n in range(count)]


def text_width(text: str) -> float:
    """About how wide a label is, in units of the view box."""
    return round(sum(TEXT * (0.56 if character < "\u2e80" else 1) for character in str(text)), 2)


def shorten(text: str, most: float) -> str:
    """`text`, cut with … so that it is at most `most` units wide."""
    if text_width(text) <= most:
        return text
    while text and text_width(f"{text}…") > most:
        text = text[:-1]
    return f"{text}…"


def _one_line(place, name, row, xs, y_of, unit, count):
    points = [
        {"x": x, "y": y_of(value), "text": f"{_say(value)}{unit}"}
        for x, value in zip(xs, row, strict=True) if value is not None
    ]  # fmt: skip
    last = points[-1] if points else None
    text = _end_text(name, row, unit, count)
    label = {"x": round(last["x"] + 8, 2), "y": round(last["y"] + 5, 2), "text": text} if last else None
    return {"step": place, "name": name, "path": _path(row, xs, y_of), "points": points, "label": label}


def _marks(labels, xs, room):
    """The labels under the points: each, or every second or third, as many as have room, the last always."""
    every = math.ceil(len(labels) * (max(map(text_width, labels)) + 6) / max(room, 1))
    last = len(labels) - 1
    return [
        {"x": x, "text": label}
        for place, (x, label) in enumerate(zip(xs, labels, strict=True))
        if (last - place) % every == 0
    ]


def _end_text(name, row, unit, count):
    """What stands at the end of a line: its last value, after its name if there are several lines."""
    last = next((value for value in reversed(row) if value is not None), None)
    return f"{name} " * (count > 1) + f"{_say(last)}{unit}"


def _path(row, xs, y_of):
    """SVG path data; a gap in the row lifts the pen."""
    parts, is_down = [], False
    for x, value in zip(xs, row, strict=True):
        if value is not None:
            parts.append(f"{'L' if is_down else 'M'}{x} {y_of(value)}")
        is_down = value is not None
    return " ".join(parts)


def _keep_apart(labels, top, bottom, gap=TEXT + 2):
    """Move labels at the ends of lines up or down until none covers another."""
    ordered = sorted(labels, key=lambda label: label["y"])
    for upper, lower in itertools.pairwise(ordered):
        lower["y"] = round(max(lower["y"], upper["y"] + gap), 2)
    limit = bottom + 5
    for label in reversed(ordered):
        label["y"] = round(max(min(label["y"], limit), top), 2)
        limit = label["y"] - gap


def _check(series, labels):
    if not 1 <= len(series) <= MOST_SERIES:
        raise ValueError(f"A chart has one to {MOST_SERIES} lines, not {len(series)}.")
    if not labels or any(len(row) != len(labels) for row in series.values()):
        raise ValueError("Every line needs one value (or None) for each label.")


def _table(head, rows):
    """The chart's figures as a table of texts."""
    return {
        "head": list(head),
        "rows": [[str(cell) if isinstance(cell, str) else _say(cell) for cell in row] for row in rows],
    }


def _say(value):
    """A number as people write it: no trailing zeros; nothing for a gap."""
    if value is None:
        return ""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def _median(values):
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
