"""Stops of use and look-backs in the demo: one in force, one applied for, one resumed; looks, rules, a lottery."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from hazards import services as hazards
from hazards.models import Hazard
from hazards.workflow import Closure, Grade, Status, Verification
from schoolsafety.core.roles import Role
from supervision.models import Draw, LookBackRule, StopOrder
from supervision.services import looking_back, lottery, resuming, stops
from supervision.workflow.looking_back import LOOKED_BACK
from supervision.workflow.lottery import SeedKind

RESULTS = [
    ("held", "整改保持良好，现场未见同类问题。"),
    ("held", "抽查三处均保持，台账记录完整。"),
    ("partial", "主体已整改，个别标识脱落，要求一周内补齐。"),
    ("rebound", "楼道又堆放课桌椅，占用疏散通道，责令重新整改。"),
]


def in_force(teller, district, school, facts, back):
    """Stopped and signed for; the school is still at work."""
    box = _stopped(teller, district, school, facts, back)
    principal = school.people[Role.PRINCIPAL]
    teller.at(back - 5, 9, lambda at: stops.sign_for(box["stop"], actor=principal, now=at))


def applied_for(teller, district, school, facts, back):
    """Handed in, and the principal applied to resume use: the bureau has to review on site."""
    box = _stopped(teller, district, school, facts, back)
    _handed_in(teller, school, facts, box, 8)
    _applied(teller, school, facts, box, 6)


def resumed(teller, district, school, facts, back):
    """Reviewed by two, consented, written off; its look-back is planned."""
    box = _stopped(teller, district, school, facts, back)
    _handed_in(teller, school, facts, box, 16)
    _applied(teller, school, facts, box, 15)
    clerk, leader = district.people[Role.DISTRICT_STAFF], district.people[Role.DISTRICT_LEADER]

    def review(at):
        resuming.review(
            _fresh(StopOrder, box["stop"]), actor=clerk, now=at, reviewed_on=timezone.localdate(at),
            reviewers=f"{clerk}、{leader}", is_proposed=True, photos=[teller.photo(facts[2], "after")],
            findings="现场查看整改部位，查阅评估报告和施工资料，隐患已排除，防护措施齐全。",
        )  # fmt: skip

    def decide(at):
        resuming.decide(
            _fresh(StopOrder, box["stop"]), actor=leader, now=at, is_granted=True,
            answer="恢复使用后第一周每日巡查，发现异常立即停用并报告。",
        )  # fmt: skip

    teller.at(10, 10, review)
    teller.at(9, 15, decide)
    teller.at(8, 9, lambda at: hazards.verify(
        _fresh(Hazard, box["hazard"]), actor=clerk, mode=Verification.ON_SITE, now=at, note="现场复查合格"
    ))  # fmt: skip
    teller.at(8, 16, lambda at: hazards.close(
        _fresh(Hazard, box["hazard"]), actor=leader, now=at, closure=Closure.RECTIFIED, note="同意销号"
    ))  # fmt: skip


def looked_back(teller, district, school, facts, back):
    """The bureau's rules, four looks with their results, a lottery drawn and one only frozen."""
    clerk, leader = district.people[Role.DISTRICT_STAFF], district.people[Role.DISTRICT_LEADER]
    place = district.organisation

    def set_rules(at):
        for grade, days in ((Grade.MAJOR, 30), (Grade.GENERAL, 90)):
            rule = LookBackRule(organisation=place, grade=grade, days=days, is_on=grade == Grade.MAJOR)
            looking_back.save_rule(rule, actor=leader, now=at)

    def look(at):
        rows = _closed_in(place, at)
        for (result, note), hazard in zip(RESULTS, rows, strict=False):
            row = looking_back.plan(hazard, actor=clerk, due_on=timezone.localdate(at), now=at)
            again = timezone.localdate(at) + timedelta(days=5) if result == "partial" else None
            photos = [teller.photo(hazard.category_id, "before" if result == "rebound" else "after")]
            looking_back.record(
                row, actor=clerk, now=at, result=result, note=note, photos=photos, again_on=again
            )  # fmt: skip

    teller.at(back, 9, set_rules)
    teller.at(7, 14, look)
    teller.at(4, 9, lambda at: _freeze(place, clerk, at, size=4))
    teller.at(4, 15, lambda at: _draw(place, clerk, at))
    teller.at(1, 11, lambda at: _freeze(place, clerk, at, size=3))


STORIES = [(in_force, 15), (applied_for, 22), (resumed, 30), (looked_back, 20)]


def _stopped(teller, district, school, facts, back):
    """A major hazard found, its plan accepted, its use stopped: drafted by staff, issued by the leader."""
    box = teller.found(district, school, facts, back)
    teller.planned(district, school, facts, box, back - 2)
    teller.accepted(district, school, box, back - 3)
    clerk, leader = district.people[Role.DISTRICT_STAFF], district.people[Role.DISTRICT_LEADER]

    def order(at):
        draft = stops.draft(
            _fresh(Hazard, box["hazard"]), actor=clerk, now=at, contact=f"{clerk} 0000-5550100"
        )  # fmt: skip
        box["stop"] = stops.issue(draft, actor=leader, now=at)

    teller.at(back - 1, 16, order)
    return box


def _handed_in(teller, school, facts, box, back):
    officer = school.people[Role.SAFETY_OFFICER]
    teller.at(back, 11, lambda at: hazards.submit(
        _fresh(Hazard, box["hazard"]), actor=officer, now=at, measure=facts[4], responsible=str(officer),
        photos=[teller.photo(facts[2], "after")],
    ))  # fmt: skip


def _applied(teller, school, facts, box, back):
    principal = school.people[Role.PRINCIPAL]

    def apply(at):
        resuming.apply(
            _fresh(StopOrder, box["stop"]), actor=principal, now=at, plan=facts[4],
            done=f"1.{facts[4]}；2.清理现场并恢复标识；3.组织相关人员培训。", assessor="body",
            body="临江市建安检测有限公司", certificate="AQPJ-2026-018", assessed_on=timezone.localdate(at),
            conclusion="隐患已排除，满足安全使用条件。", photos=[teller.photo(facts[2], "after")],
            report=[SimpleUploadedFile("安全评估报告.pdf", REPORT, "application/pdf")],
        )  # fmt: skip

    teller.at(back, 15, apply)


def _closed_in(place, at):
    """The newest closed hazards of a district that nobody looked at yet."""
    rows = Hazard.objects.filter(
        school__path__startswith=place.path, status=Status.CLOSED, closure__in=LOOKED_BACK, look_backs=None
    )
    return rows.select_related("school").order_by("-closed_on", "pk")[: len(RESULTS)]


def _freeze(place, clerk, at, *, size):
    day = timezone.localdate(at)
    values = {"closed_from": day - timedelta(days=45), "closed_to": day, "due_on": day + timedelta(days=9)}
    if lottery.population_of(place, closed_from=values["closed_from"], closed_to=day).exists():
        lottery.freeze(place, actor=clerk, now=at, size=size, seed_kind=SeedKind.SEALED, **values)


def _draw(place, clerk, at):
    for draw in Draw.objects.filter(organisation=place, status="frozen"):
        lottery.perform(draw, actor=clerk, now=at)


def _fresh(model, row):
    return model.objects.get(pk=row.pk)


# The smallest PDF that opens: one empty page.
REPORT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)
