"""Rendering: the same bytes again, nothing from outside, no boxes, a tagged file that says what it is."""

import hashlib
import io
import json
import os
import subprocess
import sys

import pikepdf
import pytest
from django.utils import translation
from PIL import Image

from schoolsafety.core import charts
from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.rendering import PdfError, photo_data_uri, render_pdf
from tests.core import papers
from tests.geometry import pages_of

CHILD = """
import hashlib, json, sys, django
django.setup()
from schoolsafety.core.pdf.rendering import render_pdf, warm_up
if sys.argv[1] == "warm":
    warm_up()
data = json.load(sys.stdin)
print(hashlib.sha256(render_pdf("papers/official.html", data, identifier="same")).hexdigest())
"""


def a_picture(kind="JPEG"):
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), (180, 60, 50)).save(stream, kind)
    return stream.getvalue()


def text_of(content):
    return "".join(page.extract_text() for page in pages_of(content))


def render(data=None, layout="official", identifier="same"):
    return render_pdf(f"papers/{layout}.html", data or papers.official(), identifier=identifier)


def with_everything():
    body = [
        blocks.heading(1, "总体情况", number=1),
        blocks.paragraph(papers.MIXED),
        blocks.table(["学校", "隐患"], [["育才小学", 3]], numeric=[1]),
        blocks.photos([blocks.photo(photo_data_uri(a_picture()), "整改前")]),
        blocks.grid([[("学校", "育才小学"), ("形式", blocks.choices(["明查", "暗访"], ["明查"]))]]),
    ]
    return papers.official(body)


def test_the_same_data_gives_the_same_bytes_in_another_process_with_another_hash_seed():
    data, digests = with_everything(), set()
    for seed, start in (("1", "cold"), ("2", "warm")):
        child = subprocess.run(
            [sys.executable, "-c", CHILD, start], input=json.dumps(data), text=True,
            capture_output=True, check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "schoolsafety.settings.test"},
        )  # fmt: skip
        digests.add(child.stdout.strip())
    assert digests == {hashlib.sha256(render(data)).hexdigest()}


def test_papers_rendered_in_between_change_nothing():
    first = render()
    render(papers.letter(), layout="letter")
    render(papers.form(), layout="form")
    assert render() == first


def test_the_readers_language_changes_nothing():
    chart = charts.line(["9月", "10月", "11月"], {"甲": [1.5, 2.25, 3.1]}, title="标题", desc="说明")
    data = papers.official([blocks.figure(chart, "图1")])
    first = render(data)
    with translation.override("de"):  # where 2.25 is written 2,25
        assert render(data) == first


def test_another_identifier_gives_another_file():
    assert render(identifier="one") != render(identifier="two")


def test_the_file_is_tagged_chinese_and_carries_title_author_and_no_clock():
    with pikepdf.open(io.BytesIO(render(with_everything(), identifier="abc"))) as pdf:
        assert pdf.Root.Lang == "zh-CN"
        assert pdf.Root.MarkInfo.Marked
        assert bytes(pdf.trailer.ID[0]) == b"abc"
        assert pdf.docinfo["/Title"] == papers.official()["title"]
        assert pdf.docinfo["/Author"] == "江北区教育局"
        assert not {"/CreationDate", "/ModDate"} & set(pdf.docinfo.keys())
        with pdf.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
        with pdf.open_outline() as outline:
            (top,) = outline.root
            assert [one.title for one in top.children] == ["一、总体情况"]


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a.jpg", "file:///etc/hostname", "/media/a.jpg"])
def test_a_paper_loads_nothing_from_outside(address):
    body = [{"kind": "photos", "rows": [[{"src": address, "caption": ""}]]}]
    if address.startswith("/"):  # no address at all: nothing to load it from
        assert b"/Image" not in render(papers.official(body))
        return
    with pytest.raises(PdfError, match="may not load"):
        render(papers.official(body))


def test_a_refused_paper_leaves_the_engine_usable():
    first = render()
    with pytest.raises(PdfError):
        render(papers.official([{"kind": "photos", "rows": [[{"src": "http://x.invalid/", "caption": ""}]]}]))
    assert render() == first


def glyphs_of(content):
    """Every glyph number that the pages show."""
    numbers = set()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            for operands, operator in pikepdf.parse_content_stream(page):
                for part in (
                    operands[0] if str(operator) == "TJ" else operands if str(operator) == "Tj" else ()
                ):
                    if isinstance(part, pikepdf.String):
                        raw = bytes(part)
                        numbers |= {raw[n : n + 2] for n in range(0, len(raw), 2)}
    return numbers


def test_rare_characters_of_names_are_printed_in_every_typeface():
    body = [
        blocks.heading(1, papers.RARE_NAMES), blocks.heading(2, papers.RARE_NAMES),
        blocks.paragraph(papers.RARE_NAMES),
    ]  # fmt: skip
    content = render(papers.official(body, title=papers.RARE_NAMES))
    assert text_of(content).count(papers.RARE_NAMES) == 4
    assert len(glyphs_of(content)) > 50
    assert b"\0\0" not in glyphs_of(content)  # glyph 0 is the box


def test_a_character_that_no_font_has_becomes_a_geta_and_never_a_box():
    content = render(papers.official([blocks.paragraph("消防栓😀已修复\u200d")]))
    assert "消防栓〓已修复" in text_of(content)
    assert b"\0\0" not in glyphs_of(content)


def test_markup_in_a_text_is_printed_as_it_was_typed():
    assert "<b>南门</b>" in text_of(render(papers.official([blocks.paragraph("<b>南门</b>")])))


def test_a_tables_head_is_repeated_on_each_page_and_what_is_left_out_is_said():
    table = blocks.table(["序号", "学校名称"], [[n, "育才小学"] for n in range(400)], widths=[1, 5])
    content = render(papers.form([table]), layout="form")
    pages = pages_of(content)
    assert len(pages) > 4
    assert all("学校名称" in page.extract_text() for page in pages)
    assert "另有 100 行未列出" in text_of(content).replace("\n", "")


def test_a_form_counts_its_pages_and_shows_its_foot():
    (page,) = pages_of(render(papers.form(), layout="form"))
    assert "第 1 页 / 共 1 页" in page.extract_text()
    assert page.extract_text().count("江北区育才小学 第47周") == 1


def test_receipt_and_stub_share_a_page_of_their_own_after_the_letter():
    slips = {
        "receipt": blocks.part("整改情况回执", [blocks.paragraph("已收到。")], signatures=["校长"]),
        "stub": blocks.part("整改通知书存根", [blocks.grid([[("签发人", "喆堃")]])], number="存根1号"),
    }
    content = render(papers.letter(**slips), layout="letter")
    last = pages_of(content)[-1].extract_text()
    assert [last.index(word) for word in ("整改情况回执", "裁", "整改通知书存根")] == sorted(
        last.index(word) for word in ("整改情况回执", "裁", "整改通知书存根")
    )
    assert "抄送" not in last


def test_photos_must_be_jpeg_or_png():
    assert photo_data_uri(a_picture("PNG")).startswith("data:image/png;base64,")
    with pytest.raises(ValueError, match="JPEG and PNG"):
        photo_data_uri(b"GIF89a")
