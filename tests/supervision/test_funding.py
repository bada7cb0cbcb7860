"""Missing money: declared, acknowledged, apart from overdue, ranked, asked for, granted, done or refused."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.timezone import localdate

from hazards import queries, services
from hazards.models import Hazard, RectificationPlan
from hazards.presentation import flags_of
from hazards.services import remind_overdue
from hazards.workflow import Grade, NotAllowed, Status
from reports.figures.counting import overdue_at_end
from reports.figures.overview import overview_figures
from reports.figures.period import week
from schoolsafety.core.audit import history_of
from schoolsafety.core.duties import duties_of
from schoolsafety.core.papers import render_again
from supervision import queries_funding
from supervision.models import FundingNeed
from supervision.services import funding, funding_requests
from supervision.workflow.funding import exposure_points, rank_key, risk_of, worth_of
from tests.geometry import pages_of
from tests.supervision.surrounding_ways import a_photo, need_facts, protected, waiting


@pytest.fixture
def now():
    return timezone.now()


def declared(school, officer, now, **facts):
    return funding.declare_need(
        protected(school, officer, now), actor=officer, now=now, **need_facts(**facts)
    )


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def overdue(school, now):
    return Hazard.objects.filter(school=school).overdue(localdate(now)).count()


@pytest.mark.parametrize(
    ("pupils", "points"),
    [(0, "0.5"), (1, "1"), (29, "1"), (30, "2"), (99, "2"), (100, "3"), (299, "3"), (300, "6"), (1000, "10")],
)
def test_the_points_of_exposure(pupils, points):
    assert exposure_points(pupils) == Decimal(points)


def test_the_risk_is_the_product_of_its_factors():
    assert risk_of(Grade.MAJOR, 600, "6", "15") == Decimal(2) * 6 * 6 * 15
    assert risk_of(Grade.GENERAL, 0, "0.5", "1") == Decimal("0.25")


def test_risk_per_yuan_is_exact_where_a_float_is_not():
    one, other = Decimal("3000000000.00"), Decimal("3000000000.01")
    assert worth_of(Decimal(1), one) - worth_of(Decimal(1), other) > 0
    assert worth_of(Decimal(1), Decimal(30000)) == Fraction(1, 3)


def test_ties_are_broken_by_risk_then_wait_then_order():
    today = localdate()
    keys = [
        rank_key(Decimal(20), Decimal(2000), today, 1),
        rank_key(Decimal(10), Decimal(1000), today - timedelta(days=1), 2),
        rank_key(Decimal(10), Decimal(1000), today, 3),
        rank_key(Decimal(10), Decimal(1000), today, 4),
    ]
    assert sorted(keys) == keys


def test_a_need_counts_only_once_the_bureau_acknowledges_it(school, officer, clerk, now):
    need = declared(school, officer, now)
    assert (need.status, overdue(school, now)) == ("proposed", 1)
    need = funding.acknowledge(need, actor=clerk, now=now, **need_facts(cost=Decimal(9000), severity="7"))
    hazard = fresh(need.hazard)
    assert (need.status, need.cost, need.risk) == ("waiting", Decimal(9000), Decimal(6 * 6 * 7))
    assert hazard.awaits_funds_since == localdate(now)
    assert (overdue(school, now), hazard.days_late(localdate(now))) == (0, 0)


def test_a_hazard_that_waits_is_late_nowhere(school, officer, clerk, now):
    need = waiting(school, officer, clerk, now)
    today = localdate(now)
    found = Hazard.objects.filter(queries.condition_of("overdue", officer, now))
    assert not found.exists()
    assert Hazard.objects.filter(queries.condition_of("funds", officer, now)).count() == 1
    row = Hazard.objects.values(*queries.LEDGER_COLUMNS).get(pk=need.hazard_id)
    assert [kind for kind, _text in flags_of(row, today)] == ["warn", "warn"]  # no money; protected
    assert remind_overdue(on=today, now=now) == 0
    assert not Hazard.objects.filter(
        overdue_at_end(week(today - timedelta(days=today.weekday()), today))
    ).exists()


def test_what_waits_is_no_task_of_the_officer_and_stands_in_the_overview(school, officer, clerk, now):
    need = waiting(school, officer, clerk, now)
    url = need.hazard.get_absolute_url()
    assert not [duty for duty in duties_of(officer, now) if duty.url == url]
    figures = overview_figures(school.parent, on=localdate(now))
    assert (figures["open"], figures["overdue"], figures["funds"]) == (1, 0, 1)


def test_a_week_before_the_wait_still_tells_it_as_overdue(school, officer, clerk, now):
    need = waiting(school, officer, clerk, now)
    today = localdate(now)
    monday = today - timedelta(days=today.weekday() + 7)
    Hazard.objects.filter(pk=need.hazard_id).update(
        due_on=monday - timedelta(days=5), found_on=monday - timedelta(days=9)
    )
    assert Hazard.objects.filter(overdue_at_end(week(monday, today))).count() == 1


def test_without_interim_protection_no_need(make_hazard, officer, now):
    with pytest.raises(NotAllowed):
        funding.declare_need(make_hazard, actor=officer, now=now, **need_facts())


@pytest.fixture
def make_hazard(school, officer, now):
    hazard = protected(school, officer, now)
    Hazard.objects.filter(pk=hazard.pk).update(interim_at=None)
    return fresh(hazard)


def test_who_may_declare_and_acknowledge(school, officer, staff, stranger, auditor, clerk, leader, now):
    hazard = protected(school, officer, now)
    for person in (staff, stranger, auditor):
        with pytest.raises(NotAllowed):
            funding.declare_need(hazard, actor=person, now=now, **need_facts())
    need = funding.declare_need(hazard, actor=clerk, now=now, **need_facts())
    for person in (officer, stranger, auditor, clerk):  # the clerk declared it
        with pytest.raises(NotAllowed):
            funding.acknowledge(need, actor=person, now=now)
    assert funding.acknowledge(need, actor=leader, now=now).status == "waiting"
    with pytest.raises(NotAllowed):
        funding.acknowledge(need, actor=leader, now=now)


@pytest.mark.parametrize(("facts", "field"), [({"cost": Decimal(0)}, "cost"), ({"reason": " "}, "reason")])
def test_bad_facts_are_named(school, officer, now, facts, field):
    with pytest.raises(ValidationError) as error:
        declared(school, officer, now, **facts)
    assert field in error.value.message_dict


def test_one_live_need_a_hazard(school, officer, now):
    need = declared(school, officer, now)
    with pytest.raises(ValidationError):
        funding.declare_need(need.hazard, actor=officer, now=now, **need_facts())
    funding.withdraw(need, actor=officer, now=now, note="家委会捐建")
    assert funding.declare_need(need.hazard, actor=officer, now=now, **need_facts()).pk != need.pk


def test_not_acknowledged_and_refused_count_as_overdue_again(school, officer, clerk, now):
    need = declared(school, officer, now)
    with pytest.raises(ValidationError):
        funding.return_need(need, actor=clerk, now=now, note=" ")
    assert funding.return_need(need, actor=clerk, now=now, note="公用经费可列支").status == "returned"
    need = funding.declare_need(need.hazard, actor=officer, now=now, **need_facts())
    funding.acknowledge(need, actor=clerk, now=now)
    assert overdue(school, now) == 0
    with pytest.raises(NotAllowed):
        funding.refuse(need, actor=officer, now=now, note="无")
    need = funding.refuse(need, actor=clerk, now=now, note="本年度无专项")
    assert (need.status, fresh(need.hazard).awaits_funds_since, overdue(school, now)) == ("refused", None, 1)


def major_waiting(school, officer, clerk, now):
    hazard = protected(school, officer, now, grade=Grade.MAJOR)
    hazard = services.grade(hazard, actor=clerk, grade=Grade.MAJOR, reason="临空", now=now)
    services.save_plan(
        hazard, actor=officer, version=1, now=now,
        values={
            "funds_planned": Decimal(20000), "funds_allocated": Decimal(8000), "funds_source": "公用经费",
        },
    )  # fmt: skip
    need = funding.declare_need(hazard, actor=officer, now=now, **need_facts())
    return funding.acknowledge(need, actor=clerk, now=now)


def test_granted_money_stands_in_the_plan_and_the_new_deadline_holds(school, officer, clerk, now):
    need = major_waiting(school, officer, clerk, now)
    due = localdate(now) + timedelta(days=20)
    need = funding.fund(
        need, actor=clerk, now=now, amount=Decimal("12000.00"), source="区级专项", funded_on=localdate(now),
        due_on=due,
    )  # fmt: skip
    plan, hazard = RectificationPlan.objects.get(hazard=need.hazard), fresh(need.hazard)
    assert (plan.funds_allocated, plan.funds_source, plan.version) == (Decimal(20000), "公用经费", 3)
    assert (need.status, hazard.awaits_funds_since, hazard.due_on) == ("funded", None, due)
    verbs = [event.verb for event in history_of(hazard)]
    assert verbs[0] == "hazards.grant_funds"


def test_money_is_recorded_by_the_bureau_above_zero_and_not_ahead(school, officer, clerk, now):
    need = waiting(school, officer, clerk, now)
    values = {"amount": Decimal(100), "source": "专项", "funded_on": localdate(now)}
    with pytest.raises(NotAllowed):
        funding.fund(need, actor=officer, now=now, **values)
    wrong = [
        ({"amount": Decimal(0)}, "amount"), ({"source": " "}, "source"),
        ({"funded_on": localdate(now) + timedelta(days=1)}, "funded_on"),
        ({"due_on": localdate(now) - timedelta(days=1)}, "due_on"),
    ]  # fmt: skip
    for change, field in wrong:
        with pytest.raises(ValidationError) as error:
            funding.fund(need, actor=clerk, now=now, **values | change)
        assert field in error.value.message_dict
    assert fresh(need).status == "waiting"


def test_funded_is_done_with_the_close_out(school, officer, clerk, principal, now):
    need = waiting(school, officer, clerk, now)
    funding.fund(need, actor=clerk, now=now, amount=Decimal(9000), source="专项", funded_on=localdate(now))
    services.submit(need.hazard, actor=officer, measure="更换栏杆", photos=[a_photo()], now=now)
    assert fresh(need).status == "funded"
    services.close(need.hazard, actor=principal, now=now)
    need = fresh(need)
    assert (need.status, need.ended_on) == ("done", localdate(now))


def test_rectified_without_the_money_the_need_lapses(school, officer, clerk, now):
    need = waiting(school, officer, clerk, now)
    services.submit(need.hazard, actor=officer, measure="自筹更换", photos=[a_photo()], now=now)
    assert (fresh(need).status, fresh(need.hazard).awaits_funds_since) == ("lapsed", None)
    assert fresh(need.hazard).status == Status.SUBMITTED


def test_a_new_grade_weighs_anew(school, officer, clerk, now):
    need = waiting(school, officer, clerk, now)
    services.grade(need.hazard, actor=clerk, grade=Grade.MAJOR, reason="临空", now=now)
    assert fresh(need).risk == need.risk * 2


def test_the_ledger_is_ranked_by_risk_per_yuan(school, officer, clerk, now):
    dear = waiting(school, officer, clerk, now, title="甲", cost=Decimal(100000), severity="40")
    cheap = waiting(school, officer, clerk, now, title="乙", cost=Decimal(2000), severity="7")
    middle = waiting(school, officer, clerk, now, title="丙", cost=Decimal(3000), severity="7")
    rows, is_more = queries_funding.ranked(FundingNeed.objects.visible_to(clerk))
    assert [row.pk for row in rows] == [cheap.pk, middle.pk, dear.pk]
    assert [row.rank for row in rows] == [1, 2, 3]
    assert not is_more
    assert queries_funding.counts_of(FundingNeed.objects.all())["missing"] == Decimal(105000)


def test_a_thousand_are_chosen_by_their_rank(school, officer, clerk, now, monkeypatch):
    monkeypatch.setattr(queries_funding, "MOST_RANKED", 1)
    waiting(school, officer, clerk, now, title="甲", cost=Decimal(100000))
    cheap = waiting(school, officer, clerk, now, title="乙", cost=Decimal(3))
    rows, is_more = queries_funding.ranked(FundingNeed.objects.visible_to(clerk))
    assert ([row.pk for row in rows], is_more) == ([cheap.pk], True)


def test_one_request_for_a_selection_with_table_and_total(school, neighbour, officer, clerk, leader, now):
    first = waiting(school, officer, clerk, now, title="看台栏杆锈蚀", cost=Decimal("12000.50"))
    second = waiting(school, officer, clerk, now, title="外墙瓷砖脱落", cost=Decimal(3000))
    request = funding_requests.draft_request([first, second], actor=clerk, now=now)
    assert (request.total, request.number) == (Decimal("15000.50"), None)
    assert [line.need_id for line in request.lines.all()] == [second.pk, first.pk]
    assert request.addressee == "临江市教育局"
    with pytest.raises(NotAllowed):
        funding_requests.issue_request(request, actor=clerk, now=now)
    request = funding_requests.issue_request(request, actor=leader, now=now)
    assert request.number == f"江北教安请〔{localdate(now).year}〕1号"
    assert {fresh(first).status, fresh(second).status} == {"requested"}
    assert overdue(school, now) == 0
    content = (settings.MEDIA_ROOT / request.paper.file).read_bytes()
    cells = [c or "" for one in pages_of(content) for t in one.extract_tables() for row in t for c in row]
    text = "".join("".join([*[one.extract_text() for one in pages_of(content)], *cells]).split())
    for words in [
        "江北区教育局文件", "的请示", "15,000.50", "合计", "看台栏杆锈蚀", "外墙瓷砖脱落", "妥否，请批示。",
        "看台停用", "临江市教育局：", "风险值＝等级系数",
    ]:  # fmt: skip
        assert words in text, words
    assert request.paper.data["signers"] == ["周琳"]  # a paper to a superior says who signed
    assert render_again(request.paper) == content
    with pytest.raises(NotAllowed):
        funding_requests.issue_request(request, actor=leader, now=now)


def test_a_need_stands_in_one_request_of_an_issuer(school, officer, clerk, city_clerk, now):
    need = waiting(school, officer, clerk, now)
    request = funding_requests.draft_request([need], actor=clerk, now=now)
    with pytest.raises(ValidationError):
        funding_requests.draft_request([need], actor=clerk, now=now)
    assert funding_requests.draft_request([need], actor=city_clerk, now=now)  # another bureau asks elsewhere
    funding_requests.discard_request(request, actor=clerk, now=now)
    assert funding_requests.draft_request([need], actor=clerk, now=now)


def test_a_school_asks_by_itself_and_its_principal_signs(school, officer, principal, clerk, now):
    need = waiting(school, officer, clerk, now)
    request = funding_requests.draft_request([need], actor=officer, now=now)
    assert (request.organisation, request.addressee) == (school, "江北区教育局")
    with pytest.raises(NotAllowed):
        funding_requests.issue_request(request, actor=officer, now=now)
    with pytest.raises(ValidationError, match="代字"):
        funding_requests.issue_request(request, actor=principal, now=now)
    school.paper_code = "育才小"
    school.save()
    assert funding_requests.issue_request(request, actor=principal, now=now).number.startswith("育才小请")


def test_only_what_is_acknowledged_and_ones_own_is_asked_for(school, officer, clerk, stranger, now):
    need = declared(school, officer, now)
    with pytest.raises(ValidationError):
        funding_requests.draft_request([need], actor=clerk, now=now)
    funding.acknowledge(need, actor=clerk, now=now)
    with pytest.raises(NotAllowed):
        funding_requests.draft_request([need], actor=stranger, now=now)


def test_a_request_whose_need_was_settled_is_not_issued(school, officer, clerk, leader, now):
    need = waiting(school, officer, clerk, now)
    request = funding_requests.draft_request([need], actor=clerk, now=now)
    funding.refuse(need, actor=clerk, now=now, note="无")
    with pytest.raises(ValidationError, match=need.hazard.number):
        funding_requests.issue_request(request, actor=leader, now=now)


def test_an_edited_request_keeps_the_second_from_overwriting(school, officer, clerk, now):
    request = funding_requests.draft_request([waiting(school, officer, clerk, now)], actor=clerk, now=now)
    funding_requests.edit_request(request, actor=clerk, now=now, version=1, addressee="江北区人民政府")
    with pytest.raises(ValidationError):
        funding_requests.edit_request(request, actor=clerk, now=now, version=1, addressee="别处")
    assert fresh(request).addressee == "江北区人民政府"
