"""One hazard, the people around it, and the verbs of the application that they use on it."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from hazards import services
from hazards.models import Hazard
from hazards.workflow import NotAllowed, Source
from schoolsafety.core.audit import history_of
from schoolsafety.core.models import Event
from supervision.models import Listing, StopOrder
from supervision.services import listing_drafting, listing_ending, listing_running, stops

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 9, 7, 9, 0, tzinfo=SHANGHAI)


class World:
    """A hazard that everybody holds an old copy of; `people` is {name: User}."""

    def __init__(self, people, school, category, proposed, source):
        self.people, self.day = people, BEGIN.date()
        self.taken: list[str] = []  # for whoever reads a failure
        actor = people["officer" if source == Source.PATROL else "clerk"]
        values = {"school": school, "actor": actor, "category": category, "place": "东楼", "now": self.now}
        self.hazard = services.report(
            title="配电箱无门", source=source, proposed_grade=proposed, found_at=self.now, **values
        )
        self.other = services.report(
            title="通道堆物", source=Source.PATROL, proposed_grade="general", found_at=self.now, **values
        )

    @property
    def now(self):
        return datetime.combine(self.day, time(9), tzinfo=SHANGHAI)

    def do(self, act, who, said):
        """Take the act with the old copy; False if it was refused, in which case nothing may have changed."""
        try:
            ACTS[act](self, self.people[who], said)
        except (NotAllowed, ValidationError):
            return False
        return True

    def seen(self):
        """What the database says, in the words of the model."""
        row = Hazard.objects.select_related("plan", "submitted_by", "verified_by", "closed_by").get(
            pk=self.hazard.pk
        )
        plan, asked = getattr(row, "plan", None), row.extensions.filter(decided_at=None).first()
        return {
            "status": row.status, "grade": row.grade, "due": row.due_on, "closure": row.closure,
            "handed_in_by": self._name(row.submitted_by), "verified_by": self._name(row.verified_by),
            "closed_by": self._name(row.closed_by), "reopened": row.reopened_count,
            "sent_back": row.sent_back_count, "is_protected": bool(row.interim_at),
            "asked": asked and asked.asked_due_on, "is_merged": bool(row.merged_into_id),
            "plan": plan and (plan.responsible_person, bool(plan.responsible_signed_at), plan.version),
            "events": history_of(row).filter(verb__startswith="hazards.").count(),
        }  # fmt: skip

    def _name(self, user):
        return next((name for name, person in self.people.items() if user and person.pk == user.pk), None)

    def everything(self):
        """All events and the rows of the hazard: what a refused act must leave as it was."""
        return self.seen(), Event.objects.count()


def expected(case):
    """The model's state in the same words."""
    plan = case.plan and (case.plan.person, case.plan.is_responsibility_signed, case.plan.version)
    names = [
        "status", "grade", "due", "closure", "handed_in_by", "verified_by", "closed_by", "reopened",
        "sent_back", "is_protected", "asked", "is_merged", "events",
    ]  # fmt: skip
    return {name: getattr(case, name) for name in names} | {"plan": plan}


def _values(said):
    money = Decimal(4800) if said["yes"] else None
    return {
        "responsible_person": said["person"], "responsible_post": "总务主任", "deadline": said["day"],
        "measures": "更换箱体", "funds_planned": money, "funds_allocated": money, "funds_source": "公用经费",
        "contingency": "停用插座", "guard_person": "赵敏",
    }  # fmt: skip


def _proofs(said):
    return [SimpleUploadedFile("合同.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")] if said["proof"] else []


def _hazard_act(name, *taken, **more):
    """An act that takes some of what was typed under the names of the service."""

    def act(world, actor, said):
        values = {name: said[name] for name in taken}
        getattr(services, name)(world.hazard, actor=actor, now=world.now, **values, **more)

    return act


ACTS = {
    "grade": lambda world, actor, said: services.grade(
        world.hazard, actor=actor, grade=said["grade"], reason="按判定标准", due_on=said["day"], now=world.now
    ),
    "regrade": lambda world, actor, said: services.regrade(
        world.hazard, actor=actor, grade=said["grade"], reason="复核", due_on=said["day"], now=world.now
    ),
    "dismiss": _hazard_act("dismiss", note="并非隐患"),
    "transfer": _hazard_act("transfer", to="市城管局", note="属市政管理"),
    "merge": lambda world, actor, said: services.merge(
        world.hazard, into=world.other, actor=actor, note="同一处", now=world.now
    ),
    "protect": _hazard_act("protect", closed="东楼地下室", watch="赵敏"),
    "plan": lambda world, actor, said: services.save_plan(
        world.hazard, actor=actor, values=_values(said), version=said["version"], now=world.now
    ),
    "sign_responsibility": _hazard_act("sign_responsibility"),
    "sign_plan": _hazard_act("sign_plan"),
    "accept_plan": _hazard_act("accept_plan"),
    "return_plan": _hazard_act("return_plan", note="措施不实"),
    "submit": lambda world, actor, said: services.submit(
        world.hazard, actor=actor, measure="已更换", papers=_proofs(said), now=world.now
    ),
    "verify": _hazard_act("verify", mode="on_site"),
    "send_back": _hazard_act("send_back", note="没有修好"),
    "close": _hazard_act("close", "closure"),
    "reopen": lambda world, actor, said: services.reopen(
        world.hazard, actor=actor, note="又坏了", due_on=said["day"], now=world.now
    ),
    "ask_extension": lambda world, actor, said: services.ask_extension(
        world.hazard, actor=actor, reason="材料未到", due_on=said["day"], now=world.now
    ),
    "decide_extension": lambda world, actor, said: services.decide_extension(
        world.hazard, actor=actor, is_granted=said["yes"], answer="知悉", now=world.now
    ),
    "chase": _hazard_act("chase"),
    "comment": _hazard_act("comment", note="已到现场"),
}


def _list(world, actor, said):
    """Draft and issue at once: half of it must not stay."""
    with transaction.atomic():
        bureau, today = world.hazard.school.parent, world.day
        values, _stages = listing_drafting.suggestions(world.hazard, bureau, actor=actor, today=today)
        values |= {"due_on": said["term"], "plan_due_on": None, "supervisor": world.people["clerk"]}
        row = listing_drafting.draft(world.hazard, bureau=bureau, actor=actor, now=world.now, values=values)
        listing_running.issue(row, actor=actor, now=world.now)


def _stop(world, actor, said):
    with transaction.atomic():
        stops.issue(stops.draft(world.hazard, actor=actor, now=world.now), actor=actor, now=world.now)


def _on_listing(verb, **more):
    """An act on the newest listing of the hazard; without one there is nothing to act on."""

    def act(world, actor, said):
        row = Listing.objects.filter(hazard=world.hazard).order_by("-pk").first()
        if row is None:
            raise NotAllowed("no listing")
        values = {name: value(world, actor, said) for name, value in more.items()}
        getattr(listing_ending, verb)(row, actor=actor, now=world.now, **values)

    return act


def _withdraw_stop(world, actor, said):
    row = StopOrder.objects.filter(hazard=world.hazard).order_by("-pk").first()
    if row is None:
        raise NotAllowed("no order")
    stops.withdraw(row, actor=actor, note="依据有误", now=world.now)


ACTS |= {
    "list": _list,
    "apply": _on_listing(
        "apply", assessment=lambda *_: "治理完成", assessed_by=lambda *_: "学校安全小组",
        papers=lambda world, actor, said: _proofs(said),
    ),
    "judge": _on_listing(
        "judge", is_passed=lambda world, actor, said: said["yes"], opinion=lambda *_: "符合要求",
        people=lambda world, actor, said: f"{actor}、孔明",
    ),
    "delist": _on_listing("delist"),
    "lift": _on_listing("lift", ground=lambda *_: "demolished", note=lambda *_: "已拆除"),
    "stop": _stop,
    "withdraw_stop": _withdraw_stop,
}  # fmt: skip


def travel(day, step):
    """Another day: mostly onwards, now and then back, as clocks of servers do."""
    return day + timedelta(days=step)
