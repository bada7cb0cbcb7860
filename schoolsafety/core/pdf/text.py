"""How official papers write numbers, dates and titles (GB/T 9704-2012); pure functions on plain text."""

import datetime as dt

DIGITS = "〇一二三四五六七八九"
# A line of a title may not begin with these …
NOT_FIRST = set("的和与及、，。：；！？）》”’〕】]%号年月日度个")
# … and reads best when it begins with one of these.
GOOD_STARTS = ("关于", "情况", "工作", "排查", "整改", "安全", "专项", "通报", "通知", "报告", "进一步")
GOOD_ENDS = set("的和与及、年月区市")


def chinese_numeral(number: int) -> str:
    """一 to 九十九 for 1 to 99."""
    if not 1 <= number <= 99:
        raise ValueError(f"Only 1 to 99 can be written, not {number}.")
    tens, units = divmod(number, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return lead + (DIGITS[units] if units else "")


def level_number(level: int, number: int) -> str:
    """The mark of the `number`-th part at `level` 1 to 4: 一、 / （一） / 1. / （1）."""
    if level not in {1, 2, 3, 4}:
        raise ValueError(f"Papers have levels 1 to 4, not {level}.")
    marks = {1: "{chinese}、", 2: "（{chinese}）", 3: "{number}.", 4: "（{number}）"}
    chinese = chinese_numeral(number) if level < 3 else ""
    return marks[level].format(chinese=chinese, number=number)


def chinese_date(day: dt.date) -> str:
    """2026年11月2日: Arabic figures, no leading zero (7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_month(day: dt.date) -> str:
    """2026年11月."""
    return f"{day.year}年{day.month}月"


def number_text(mark: str, year: int, number: int) -> str:
    """代字〔2026〕12号: full year in hexagonal brackets, no leading zero (7.2.5)."""
    return f"{mark}〔{year}〕{number}号"


def title_lines(title: str, longest: int = 19) -> list[str]:
    """Break a title by sense into lines of at most `longest` characters; a newline in it is obeyed.

    Lines come out near equal in length; the break prefers 关于…, …的, and never splits a number.
    """
    if "\n" in title:
        return [line.strip() for line in title.splitlines() if line.strip()]
    if len(title) <= longest:
        return [title]
    count = -(-len(title) // longest)
    lines, rest = [], title
    for left in range(count, 1, -1):
        cut = _best_cut(rest, len(rest) / left, longest)
        lines.append(rest[:cut])
        rest = rest[cut:]
    return [*lines, *([rest] if len(rest) <= longest else title_lines(rest, longest))]


def _best_cut(text: str, wanted: float, longest: int) -> int:
    """Where to break `text` near `wanted` characters."""
    spots = range(max(2, int(wanted) - 4), min(longest, len(text) - 2) + 1)
    return min(spots, key=lambda cut: (_badness(text, cut) + abs(cut - wanted), -cut))


def _badness(text: str, cut: int) -> float:
    before, after = text[cut - 1], text[cut]
    if after in NOT_FIRST or (before.isascii() and after.isascii()) or before in "（《“‘〔【第":
        return 50
    if before in GOOD_ENDS or any(text.startswith(start, cut) for start in GOOD_STARTS):
        return 0
    return 3.5 if not (before.isascii() or after.isascii()) else 8


def ems(text: str) -> float:
    """The width of `text` in ems: an ideograph is one, a Latin letter or figure about half."""
    return sum(0.52 if character < "\u2e80" else 1.0 for character in text)
