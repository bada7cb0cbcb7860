"""Cases told in full through the real services, so that the demo shows every state and every paper."""

from datetime import datetime, time
from decimal import Decimal
from itertools import cycle

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from hazards import services as hazards
from hazards.models import Category, Hazard
from hazards.workflow import Closure, Grade, Source
from inspections.models import Notice
from inspections.services import notices, visits
from schoolsafety.core.audit import invented_time
from schoolsafety.core.roles import Role
from schoolsafety.core.workdays import calendar_for

from . import supervision, words


class Teller:
    """Puts the acts of all stories on their days; `day` performs those of one day in the order of time."""

    def __init__(self, districts, schools, rng, album, today, start):
        self.rng, self.album, self.today, self.start = rng, album, today, start
        self.calendar = calendar_for(districts[0].organisation)
        self.acts: dict = {}
        self.places = districts
        for number, place in enumerate(districts):
            below = [s for s in schools if s.organisation.parent_id == place.organisation.pk]
            self._plan_district(place, below, number)

    def day(self, day):
        """Perform the acts of one day, each with its own invented clock."""
        for at, act in sorted(self.acts.pop(day, []), key=lambda pair: pair[0]):
            with invented_time(at):
                act(at)

    # --- the plan of the stories -------------------------------------------------------------
    def _plan_district(self, district, schools, number):
        if not schools:
            return
        chosen = cycle(schools)
        for index, (story, back) in enumerate([*STORIES, *supervision.STORIES]):
            if self.calendar.add(self.today, -back) < self.start:
                continue  # it would begin before the history does
            facts = words.MAJORS[(number * 2 + index) % len(words.MAJORS)]
            story(self, district, next(chosen), facts, back)
        self._visit(district, next(chosen), back=8, finished=True)
        self._visit(district, next(chosen), back=1, finished=False)

    def at(self, back, hour, act):
        """Put `act(at)` on the day `back` workdays before today: a later act never comes first."""
        day = self.calendar.add(self.today, -max(back, 1))
        moment = datetime.combine(day, time(hour, self.rng.randrange(5, 50)), timezone.get_default_timezone())
        self.acts.setdefault(day, []).append((moment, act))

    # --- what several stories share ----------------------------------------------------------
    def found(self, district, school, facts, back):
        """A major hazard reported by the school and graded by the district; returns its box."""
        title, place, category, item, *_rest = facts
        officer, clerk = school.people[Role.SAFETY_OFFICER], district.people[Role.DISTRICT_STAFF]
        box = {}

        def report(at):
            box["hazard"] = hazards.report(
                school.organisation, actor=officer, title=title, place=place, source=Source.SNAP,
                category=Category.objects.get(pk=category), proposed_grade=Grade.MAJOR, found_at=at, now=at,
                item_code=item, description="现场已采取临时措施，请尽快核定。", photos=[self.photo(category, "before")],
            )  # fmt: skip

        def grade(at):
            hazards.grade(
                box["hazard"], actor=clerk, grade=Grade.MAJOR, now=at,
                reason="影响范围大，需部分停用并经一定时间整改方能排除。",
            )  # fmt: skip

        def protect(at):
            hazards.protect(
                box["hazard"],
                actor=officer,
                closed=f"{place}停用并围挡",
                watch=f"{officer}，每两小时巡查",
                now=at,
            )

        self.at(back, 9, report)
        self.at(back, 11, grade)
        self.at(back, 14, protect)
        return box

    def planned(self, district, school, facts, box, back, *, funds=True):
        """The five implementations filled in; without `funds` the money is not allocated yet."""
        _title, place, _category, _item, measures, yuan, source = facts
        officer = school.people[Role.SAFETY_OFFICER]

        def fill(at):
            hazard = Hazard.objects.select_related("school").get(pk=box["hazard"].pk)
            hazards.save_plan(
                hazard, actor=officer, version=hazard.plan.version, now=at,
                values={
                    "responsible_person": str(officer), "responsible_post": "安全主任",
                    "deadline": calendar_for(hazard.school).add(timezone.localdate(at), 22),
                    "measures": measures, "funds_planned": Decimal(yuan), "funds_source": source,
                    "funds_allocated": Decimal(yuan) if funds else Decimal(0), "funds_spent": None,
                    "contingency": f"整改期间{place}停用；如遇险情立即疏散并报告，拨打119和校内应急电话。",
                    "guard_person": str(school.people[Role.SCHOOL_STAFF]), "guard_phone": "0000-5550119",
                },
            )  # fmt: skip
            hazards.sign_responsibility(hazard, actor=officer, now=at)

        self.at(back, 10, fill)

    def accepted(self, district, school, box, back):
        """Signed by the principal, accepted by the district."""
        principal, clerk = school.people[Role.PRINCIPAL], district.people[Role.DISTRICT_STAFF]
        self.at(back, 15, lambda at: hazards.sign_plan(box["hazard"], actor=principal, now=at))
        self.at(back - 1, 9, lambda at: hazards.accept_plan(box["hazard"], actor=clerk, now=at, note="同意"))

    def notified(self, district, school, box, back, *, until="reply"):
        """A rectification notice: issued, then signed for, answered and re-checked as far as `until` says."""
        clerk, officer = district.people[Role.DISTRICT_STAFF], school.people[Role.SAFETY_OFFICER]
        basis = (
            "《中小学幼儿园安全管理办法》（教育部等十部门令第23号）第十七条\n《中华人民共和国消防法》第十六条"
        )

        def issue(at):
            draft = notices.draft(
                school.organisation, bureau=district.organisation, chosen=[box["hazard"]], actor=clerk, now=at,
                inspectors=f"{clerk}（证件号 0012）、{district.people[Role.DISTRICT_LEADER]}（证件号 0007）",
                protection="整改完成前停用隐患部位，设置警示标志，专人值守。", contact=f"{clerk} 0000-5550100",
                consequence="逾期未完成的，我局将挂牌督办并通报。", appeal="如有异议，可在收到之日起五个工作日内书面说明。",
                basis=basis,
            )  # fmt: skip
            box["notice"] = notices.issue(draft, actor=clerk, now=at)

        self.at(back, 16, issue)
        if until == "issued":
            return
        if until == "refused":
            self.at(back - 2, 10, lambda at: notices.record_refusal(
                box["notice"], actor=clerk, now=at, witness="社区工作人员",
                note="学校负责人称需向举办者请示，当场拒绝签收，已留置送达并拍照。",
            ))  # fmt: skip
            return
        self.at(
            back - 1, 8, lambda at: notices.sign_for(box["notice"], actor=officer, post="安全主任", now=at)
        )

    def answered(self, school, facts, box, back):
        """The school answers the notice: done, with a photo; that hands the hazard in."""
        officer = school.people[Role.SAFETY_OFFICER]

        def reply(at):
            notice = Notice.objects.get(pk=box["notice"].pk)
            answers = {
                item.pk: {
                    "reply_is_done": True, "reply": facts[4], "responsible": str(officer),
                    "done_on": timezone.localdate(at), "photos": [self.photo(facts[2], "after")],
                }
                for item in notice.items.all()
            }  # fmt: skip
            notices.reply(notice, actor=officer, answers=answers, now=at)

        self.at(back, 10, reply)

    def reviewed(self, district, box, back, *, close=True):
        """Re-checked on site, then written off by the leader."""
        clerk, leader = district.people[Role.DISTRICT_STAFF], district.people[Role.DISTRICT_LEADER]

        def review(at):
            notice = Notice.objects.get(pk=box["notice"].pk)
            notices.review(
                notice, actor=clerk, results={item.pk: ("done", "") for item in notice.items.all()},
                reviewers=f"{clerk}、{leader}", conclusion="整改到位，同意销号；保持日常巡查。", now=at,
            )  # fmt: skip

        self.at(back, 15, review)
        if close:
            self.at(back - 1, 10, lambda at: hazards.close(
                box["hazard"], actor=leader, now=at, closure=Closure.RECTIFIED, note="同意销号"
            ))  # fmt: skip

    def photo(self, category, purpose):
        content = self.album.bytes_of(category, purpose)
        return SimpleUploadedFile(f"{purpose}.jpg", content, "image/jpeg")

    def _visit(self, district, school, *, back, finished):
        clerk = district.people[Role.DISTRICT_STAFF]
        box = {}

        def begin(at):
            values = {
                "form": "open" if finished else "covert", "subject": "冬季校园消防和用电安全专项检查",
                "place": "教学楼、食堂、配电房", "inspected_on": timezone.localdate(at), "is_joint": finished,
                "partners": "区消防救援大队" if finished else "",
            }  # fmt: skip
            team = [
                {
                    "name": str(clerk),
                    "unit": district.organisation.name,
                    "certificate": "0012",
                    "is_leader": True,
                },
                {"name": "邢志勇", "unit": "区消防救援大队", "certificate": "XF-3307", "is_leader": False},
            ]
            box["visit"] = visits.open_visit(
                bureau=district.organisation, school=school.organisation, actor=clerk, values=values,
                members=team, categories=list(Category.objects.filter(code__in=["XF", "DQ"])), now=at,
            )  # fmt: skip
            visits.add_finding(
                box["visit"], actor=clerk, title="灭火器压力不足", place="教学楼三层西侧", now=at,
                proposed_grade=Grade.GENERAL, note="两具压力指针在红区", photos=[self.photo("XF", "before")],
                category=Category.objects.get(code="XF"),
            )  # fmt: skip
            visits.save_answers(box["visit"], actor=clerk, answers=dict.fromkeys(box["visit"].item_ids, "n"))

        self.at(back, 9, begin)
        if finished:
            head = school.people[Role.PRINCIPAL]
            self.at(back, 15, lambda at: visits.finish(
                box["visit"], actor=clerk, now=at,
                values={"problems_text": "灭火器维护不到位。", "handling": "责令立即更换，三日内书面回复。",
                        "head_name": str(head), "head_post": "校长", "head_remark": "照办。"},
            ))  # fmt: skip


def told_in_full(teller, district, school, facts, back):
    """From finding to write-off, with notice, reply, re-check."""
    box = teller.found(district, school, facts, back)
    teller.notified(district, school, box, back - 1)
    teller.planned(district, school, facts, box, back - 2)
    teller.accepted(district, school, box, back - 4)
    teller.answered(school, facts, box, back - 18)
    teller.reviewed(district, box, back - 21)


def without_money(teller, district, school, facts, back):
    """The plan waits for its money."""
    box = teller.found(district, school, facts, back)
    teller.planned(district, school, facts, box, back - 1, funds=False)


def awaiting_acceptance(teller, district, school, facts, back):
    """Signed by the principal; the district has not accepted yet."""
    box = teller.found(district, school, facts, back)
    teller.planned(district, school, facts, box, back - 2)
    principal = school.people[Role.PRINCIPAL]
    teller.at(back - 3, 15, lambda at: hazards.sign_plan(box["hazard"], actor=principal, now=at))


def extension_asked(teller, district, school, facts, back):
    """Under way, and the school asks for more time."""
    box = teller.found(district, school, facts, back)
    teller.planned(district, school, facts, box, back - 2)
    teller.accepted(district, school, box, back - 4)
    officer = school.people[Role.SAFETY_OFFICER]

    def ask(at):
        hazard = Hazard.objects.select_related("school").get(pk=box["hazard"].pk)
        later = calendar_for(hazard.school).add(hazard.due_on, 10)
        hazards.ask_extension(
            hazard, actor=officer, due_on=later, now=at, reason="设备到货延迟，期间继续停用并加密巡查。"
        )

    teller.at(3, 10, ask)


def awaiting_verification(teller, district, school, facts, back):
    """Notice answered; the district has to re-check."""
    box = teller.found(district, school, facts, back)
    teller.notified(district, school, box, back - 1)
    teller.planned(district, school, facts, box, back - 2)
    teller.accepted(district, school, box, back - 4)
    teller.answered(school, facts, box, 2)


def refused(teller, district, school, facts, back):
    """The notice was refused."""
    box = teller.found(district, school, facts, back)
    teller.notified(district, school, box, back - 1, until="refused")


def just_notified(teller, district, school, facts, back):
    """Found this week; the notice waits for the school's signature."""
    box = teller.found(district, school, facts, back)
    teller.notified(district, school, box, 1, until="issued")


STORIES = [
    (told_in_full, 34), (without_money, 7), (awaiting_acceptance, 9), (extension_asked, 17),
    (awaiting_verification, 19), (refused, 11), (just_notified, 3),
]  # fmt: skip
