"""The field client beside a one-page form: taps, scrolling, bytes; records taken in beside bare SQL."""

from bench.child import figures_of

MOST_TAPS = 19  # thirty items, two problems, from the home screen to the receipt
LEAST_RATIO = 0.05  # of the speed of bare SQL: checks, locks, numbers, two sealed events, the receipt


def run(report):
    """Two phones in Chromium, then a database of its own in a child process."""
    from bench import field_hands  # noqa: PLC0415 -- needs Playwright, which the other measurements do not

    ours, plain, preset = field_hands.measure()
    report.add(
        "field", "taps for 30 items and 2 problems, against a one-page form", ours["taps"], "taps",
        baseline=plain["taps"], note=f"a form that has “normal” chosen already: {preset['taps']}",
    )  # fmt: skip
    report.add(
        "field", "scroll gestures on the way", ours["scrolls"], "gestures", baseline=plain["scrolls"],
        note=f"with “normal” chosen already: {preset['scrolls']}",
    )  # fmt: skip
    report.add(
        "field", "bytes sent with two 12-megapixel photos", ours["up"], "bytes", baseline=plain["up"],
        note="made smaller on the phone",
    )  # fmt: skip
    report.add(
        "field", "bytes of the first opening", ours["first"], "bytes", baseline=plain["first"],
        note="works without network from then on",
    )  # fmt: skip
    report.add(
        "field", "bytes kept for work without network", ours["kept"], "bytes", note="in the background, once"
    )
    report.add(
        "field", "bytes of the next opening", ours["next"], "bytes", baseline=plain["first"],
        note="only what the server has new",
    )  # fmt: skip
    figures = figures_of("bench.field_intake")
    report.add(
        "field", "snap reports taken in, against bare SQL", figures["service"], "a second",
        baseline=figures["sql"], is_less_better=False, note="checks, number, two sealed events, receipt",
    )  # fmt: skip
    report.add(
        "field", "photos taken in", figures["photos"], "a second", note="1600 × 1200; drawn anew, on disk"
    )
    assert ours["taps"] <= MOST_TAPS, f"The walk takes {ours['taps']} taps."
    assert ours["scrolls"] == 0, "The walk has to be scrolled."
    assert figures["service"] >= LEAST_RATIO * figures["sql"], "Taking in a record has become slow."
