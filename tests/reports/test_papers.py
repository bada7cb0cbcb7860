"""The papers of the week and the month: geometry, words, the same bytes in another process."""

import hashlib
import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from reports import services
from reports.papers.bulletin import bulletin_paper
from reports.papers.weekly import weekly_paper
from reports.services.preview import weekly_pdf
from schoolsafety.core.pdf.rendering import render_pdf
from tests.geometry import is_red, pages_of, rules_of
from tests.reports.conftest import at, found

NOW = at("2026-11-20 16:30")


@pytest.fixture
def issued(bulletin, clerk, leader):
    services.submit_bulletin(bulletin, actor=clerk, now=NOW)
    services.approve(bulletin, actor=leader, now=NOW)
    return services.issue(bulletin, actor=clerk, now=NOW)


def text_of(content):
    return "".join(page.extract_text() for page in pages_of(content)).replace("\n", "")


def test_the_bulletin_has_a_red_head_and_a_red_line_of_the_text_width(issued):
    content = (settings.MEDIA_ROOT / issued.paper.file).read_bytes()
    red = [rule for rule in rules_of(pages_of(content)[0]) if is_red(rule.colour)]
    assert len(red) == 1
    assert red[0].width == pytest.approx(156, abs=1)
    assert red[0].left == pytest.approx(28, abs=1)
    assert "江北区教育局文件" in text_of(content)
    assert "江北教安通〔2026〕1号" in text_of(content)


def test_the_pdf_holds_the_figures_of_the_page(issued):
    text = text_of((settings.MEDIA_ROOT / issued.paper.file).read_bytes())
    for words in ("一、总体情况", "六、下一步工作要求", "配电箱无锁", "指标口径和数据校验", "江北区实验中学"):
        assert words in text


def test_the_same_data_gives_the_same_bytes_in_another_process(issued):
    script = (
        "import sys, json, hashlib, django; django.setup();"
        "from schoolsafety.core.pdf.rendering import render_pdf;"
        "data = json.load(sys.stdin);"
        "print(hashlib.sha256(render_pdf(data['t'], data['d'], identifier=data['i'])).hexdigest())"
    )
    paper = issued.paper
    done = subprocess.run(
        [sys.executable, "-c", script], text=True, capture_output=True, check=True, cwd=settings.BASE_DIR,
        input=json.dumps({"t": paper.template, "d": paper.data, "i": paper.identifier}),
        env=os.environ | {"PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert done.stdout.strip() == paper.sha256


def test_a_weekly_paper_is_made_once_from_frozen_figures(report, officer, principal, school):
    services.submit(report, actor=officer, now=NOW)
    services.sign(report, actor=principal, now=NOW)
    paper = services.paper_of(report, now=NOW)
    found(school, "2026-11-20")
    assert services.paper_of(report, now=at("2026-12-01 08:00")) == paper
    again = render_pdf(
        "papers/form.html", weekly_paper(type(report).objects.get(pk=report.pk)), identifier=paper.identifier
    )
    assert hashlib.sha256(again).hexdigest() == paper.sha256


def test_a_draft_of_the_week_says_that_it_is_one(report):
    assert "学校安全周报（草稿）" in text_of(weekly_pdf(report))


def test_a_weekly_report_of_a_quiet_school_fits_one_page(report):
    assert len(pages_of(weekly_pdf(report))) == 1


def test_the_paper_is_plain_data(bulletin, report):
    for data in (bulletin_paper(bulletin), weekly_paper(report)):
        assert json.loads(json.dumps(data)) == data
