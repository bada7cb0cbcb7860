"""The declared shape of a paper's data: plain dicts, JSON all through, so that it can be frozen as it is.

A paper is one dict, made by `official()`, `letter()` or `form()`. Its `body` is a list of blocks, each made
by a function below and set by templates/papers/_blocks.html. Texts are finished strings: no model, no lazy
translation, no date object gets in. The template is `papers/<layout>.html`, the dict its whole context.
"""

from collections.abc import Iterable, Sequence

from .text import level_number, title_lines

Block = dict
TABLE_LIMIT = 300  # WeasyPrint's tables are worse than linear: 500 rows take 6 s


def heading(level: int, text: str, *, number: int | None = None) -> Block:
    """A heading of level 1 to 4; with `number` its mark (一、 / （一） / 1. / （1）) is set before it."""
    mark = level_number(level, number) if number else ""
    return {"kind": f"h{level}", "text": f"{mark}{text}"}


def paragraph(text: str, *, lead: str = "", lead_level: int = 2, is_flush: bool = False) -> Block:
    """A paragraph of body text, indented by two characters unless `is_flush`.

    `lead` is set first in the type of `lead_level`: （一）加强巡查。 in 楷体, followed by the text in 仿宋.
    """
    return {"kind": "p", "text": text, "lead": lead, "lead_level": lead_level, "is_flush": is_flush}


def note(text: str) -> Block:
    """A small remark under a table or a figure."""
    return {"kind": "note", "text": text}


def items(texts: Iterable[str]) -> Block:
    """A numbered list 1. 2. 3. with hanging lines, for forms."""
    return {"kind": "items", "items": [{"mark": f"{n}.", "text": text} for n, text in enumerate(texts, 1)]}


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    widths: Sequence[float] | None = None,
    numeric: Sequence[int] = (),
    centred: Sequence[int] = (),
    caption: str = "",
    total: Sequence[object] | None = None,
    limit: int = TABLE_LIMIT,
) -> Block:
    """A table whose head is repeated on every page.

    `widths` are relative; `numeric` lists the columns (from 0) set flush right,
    `centred` those set in the middle; `total` is the last row.
    Rows past `limit` are left out and counted in `left_out`, which the template says under the table.
    """
    kept, left_out = cap_rows(rows, limit)
    shares = list(widths or [1] * len(head))
    if len(shares) != len(head) or any(len(row) != len(head) for row in [*kept, *([total] if total else [])]):
        raise ValueError(f"Every row and the widths need {len(head)} entries.")
    whole = sum(shares)
    columns = [
        {
            "width": f"{share / whole * 100:.3f}%",
            "side": "n" if place in numeric else "c" if place in centred else "",
        }
        for place, share in enumerate(shares)
    ]
    return {
        "kind": "table", "caption": caption, "columns": columns, "left_out": left_out,
        "head": [_cell(text, column) for text, column in zip(head, columns, strict=True)],
        "rows": [_row(row, columns) for row in kept],
        "total": _row(total, columns) if total else [],
    }  # fmt: skip


def cap_rows(rows: Iterable, limit: int = TABLE_LIMIT) -> tuple[list, int]:
    """The first `limit` rows and how many were left out; the rest belongs into a workbook."""
    everything = list(rows)
    return everything[:limit], max(0, len(everything) - limit)


def grid(rows: Iterable[Sequence[tuple[str, object]]]) -> Block:
    """Labels and values in ruled cells, one or two pairs (label, value) in each row.

    A value is a text (line breaks are kept) or what `choices()` gives.
    """
    out = []
    for pairs in rows:
        if not 1 <= len(pairs) <= 2:
            raise ValueError("A row of a grid has one or two pairs.")
        out.append([
            {"label": label, "value": value if isinstance(value, dict) else {"text": _text(value)},
             "span": 3 if len(pairs) == 1 else 1}
            for label, value in pairs
        ])  # fmt: skip
    return {"kind": "grid", "rows": out}


def choices(options: Iterable[str], chosen: Iterable[str]) -> dict:
    """Boxes to tick for a grid cell; the boxes are drawn, no font has the signs."""
    marked = set(chosen)
    return {"choices": [{"text": option, "is_chosen": option in marked} for option in options]}


def figure(chart: dict, caption: str) -> Block:
    """A chart out of core.charts with its caption; chart["form"] picks the drawing."""
    return {"kind": "figure", "chart": chart, "caption": caption}


def photo(src: str, caption: str = "") -> dict:
    """One photo: `src` is a data: address (rendering.photo_data_uri), the caption is its alternative text."""
    if not src.startswith("data:image/"):
        raise ValueError("A paper holds its photos itself: give a data: address.")
    return {"src": src, "caption": caption}


def photos(pictures: Iterable[dict]) -> Block:
    """Photos two a row, each as `photo()` gives it."""
    flat = list(pictures)
    return {"kind": "photos", "rows": [flat[start : start + 2] for start in range(0, len(flat), 2)]}


def pagebreak() -> Block:
    """What follows begins a new page."""
    return {"kind": "pagebreak"}


def landscape(*blocks: Block) -> Block:
    """Blocks on sheets turned on their side, for wide tables."""
    return {"kind": "landscape", "blocks": list(blocks)}


def annex(title: str, body: list[Block], *, is_landscape: bool = False) -> dict:
    """An annex: its own page, the label 附件 with its number is set by the layout."""
    return {"title": title, "title_lines": title_lines(title), "body": body, "is_landscape": is_landscape}


def part(title: str, body: list[Block], *, number: str = "", signatures: Sequence[str] = ()) -> dict:
    """A receipt (回执) or stub (存根): a titled slip with its own blocks and lines to sign."""
    return {"title": title, "number": number, "body": body, "signatures": list(signatures)}


def signature(name: str, date: str, *, is_sealed: bool = True) -> dict:
    """Name and date under a paper; sealed ones leave room for the seal and centre the name over the date."""
    return {"name": name, "date": date, "is_sealed": is_sealed}


def official(
    *, mark: str, number: str, title: str, body: list[Block], author: str, to: str = "",
    sign: dict | None = None, annexes: Sequence[dict] = (), note: str = "", copies: str = "",
    printed_by: str = "", printed_on: str = "", signers: Sequence[str] = (), copy_number: str = "",
    secrecy: str = "", urgency: str = "", receipt: dict | None = None, stub: dict | None = None,
) -> dict:  # fmt: skip
    """The data of papers/official.html, the 文件 layout (GB/T 9704-2012, 7).

    `mark` is the red head with 文件 (江北区教育局文件), `author` the issuer for the file's metadata, `to` the
    main recipients without colon, `note` the 附注 without brackets, `copies` the 抄送 list without full stop.
    """
    return {
        "mark": mark, "number": number, "title": title, "title_lines": title_lines(title), "author": author,
        "to": to, "body": body, "sign": sign, "annexes": _numbered(annexes), "note": note, "copies": copies,
        "printed_by": printed_by, "printed_on": printed_on, "signers": list(signers),
        "copy_number": copy_number, "secrecy": secrecy, "urgency": urgency,
        "receipt": receipt, "stub": stub,
    }  # fmt: skip


def letter(
    *, mark: str, number: str, title: str, body: list[Block], author: str, to: str = "",
    sign: dict | None = None, annexes: Sequence[dict] = (), note: str = "", copies: str = "",
    copy_number: str = "", secrecy: str = "", urgency: str = "",
    receipt: dict | None = None, stub: dict | None = None,
) -> dict:  # fmt: skip
    """The data of papers/letter.html, the 信函 layout (10.1): like `official()`, but `mark` without 文件."""
    return official(
        mark=mark, number=number, title=title, body=body, author=author, to=to, sign=sign, annexes=annexes,
        note=note, copies=copies, copy_number=copy_number, secrecy=secrecy, urgency=urgency,
        receipt=receipt, stub=stub,
    )  # fmt: skip


def form(
    *, title: str, body: list[Block], author: str, number: str = "", issuer: str = "",
    meta: Sequence[str] = (), signatures: Sequence[str] = (), footer: str = "", is_landscape: bool = False,
    receipt: dict | None = None, stub: dict | None = None,
) -> dict:  # fmt: skip
    """The data of papers/form.html: a report or form page with its heading, blocks and lines to sign.

    `issuer` stands small above the title, `meta` are short texts in one line under it, `footer` is the left
    part of every page's foot (the right part counts the pages).
    """
    return {
        "title": title, "title_lines": title_lines(title, 24), "author": author, "number": number,
        "issuer": issuer, "meta": list(meta), "body": body, "signatures": list(signatures),
        "footer": footer, "is_landscape": is_landscape, "receipt": receipt, "stub": stub,
    }  # fmt: skip


def _numbered(annexes: Sequence[dict]) -> list[dict]:
    """Annexes with their label: 附件 for a single one, 附件1, 附件2 … for several."""
    is_single = len(annexes) == 1
    return [
        {**one, "label": "附件" if is_single else f"附件{n}", "mark": "" if is_single else f"{n}."}
        for n, one in enumerate(annexes, 1)
    ]


def _row(row: Sequence[object], columns: list[dict]) -> list[dict]:
    return [_cell(value, column) for value, column in zip(row, columns, strict=True)]


def _cell(value: object, column: dict) -> dict:
    return {"text": _text(value), "side": column["side"]}


def _text(value: object) -> str:
    return "" if value is None else str(value)
