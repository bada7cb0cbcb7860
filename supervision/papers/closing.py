"""What the close-out sheet (销号单) says: facts as texts, frozen at the closure, and the form of them."""

from django.utils.timezone import localdate
from django.utils.translation import override

from hazards.workflow import Grade
from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.text import chinese_date

CHINESE = "zh-hans"
TITLE = "事故隐患整改销号单"
TEMPLATE = "papers/form.html"
NO_NUMBER = "（未编号）"
GRADES = {Grade.MAJOR: "重大事故隐患", Grade.GENERAL: "一般事故隐患"}


def facts_of(hazard, *, plan, notices, reviewers, remark):
    """{name: text} of a hazard just written off, as it stands; plain JSON.

    `plan`: its RectificationPlan or None; `notices`: numbers of the notices that ordered it; `reviewers`:
    who re-checked by the last notice, "" without one; `remark`: the words of whoever wrote it off.
    """
    with override(CHINESE):
        verified = hazard.verified_by is not None
        return {
            "ledger": hazard.number, "school": hazard.school.name, "place": hazard.place,
            "category": hazard.category.name, "grade": GRADES.get(hazard.grade, "—"),
            "hazard": "\n".join(text for text in (hazard.title, hazard.description) if text),
            "found": f"{chinese_date(hazard.found_on)}　{hazard.get_source_display()}",
            "due": _day(hazard.due_on), "notices": "、".join(notices) or "—",
            "measures": hazard.measure or (plan.measures if plan else "") or "—",
            "responsible": hazard.responsible or (plan.responsible_person if plan else "") or "—",
            "funds": _funds(hazard, plan), "done": _day(_date(hazard.submitted_at)),
            "own_view": _own_view(hazard),
            "review": f"{_day(_date(hazard.verified_at))}{hazard.get_verification_display()}，整改到位。"
            if verified else "—",
            "reviewers": reviewers or (str(hazard.verified_by) if verified else "—"),
            "approval": "　".join(text for text in (str(hazard.closed_by or ""), remark) if text) or "—",
            "closure": str(hazard.get_closure_display()), "closed": chinese_date(hazard.closed_on),
        }  # fmt: skip


def sheet(facts, *, number, issuer, before, after, more=None):
    """The data of papers/form.html. `before`, `after`: photos as blocks.photo() gives them.

    `more` ({"listing", "look_back"}: texts) comes from other parts; what nobody knows stays blank to be
    written by hand.
    """
    more = more or {}
    body = [_grid(facts, more), blocks.heading(3, "整改前后照片"), *_photos(before, after)]
    return blocks.form(
        title=TITLE, number=number or NO_NUMBER, author=issuer, issuer=issuer, body=body,
        footer=f"{facts['school']}　{facts['ledger']}",
        signatures=["校长（签字）", "复查人（签字）", "复查人（签字）", "分管领导（签字）"],
    )  # fmt: skip


def _photos(before, after):
    """Before and after beside each other, pair by pair; what has no partner follows."""
    marked = [[photo | {"caption": f"{word}　{photo['caption']}"} for photo in photos]
              for word, photos in (("整改前", before), ("整改后", after))]  # fmt: skip
    pairs = min(len(before), len(after))
    beside = [photo for pair in zip(*marked, strict=False) for photo in pair]
    shown = beside + [photo for photos in marked for photo in photos[pairs:]]
    notes = [f"没有{word}照片。" for word, photos in (("整改前", before), ("整改后", after)) if not photos]
    return [*([blocks.photos(shown)] if shown else []), *map(blocks.note, notes)]


def _grid(facts, more):
    return blocks.grid([
        [("台账号", facts["ledger"]), ("隐患等级", facts["grade"])],
        [("学校", facts["school"])],
        [("部位", facts["place"]), ("类别", facts["category"])],
        [("隐患", facts["hazard"])],
        [("发现", facts["found"]), ("整改期限", facts["due"])],
        [("整改通知书号", facts["notices"]), ("挂牌督办号", more.get("listing") or "—")],
        [("整改措施", facts["measures"])],
        [("责任人", facts["responsible"]), ("完成日期", facts["done"])],
        [("整改资金", facts["funds"])],
        [("自查意见", facts["own_view"])],
        [("复查意见", facts["review"])],
        [("复查人", facts["reviewers"])],
        [("销号审批", facts["approval"])],
        [("销号日期", facts["closed"]), ("销号方式", facts["closure"])],
        [("归档号", ""), ("回头看日期", more.get("look_back") or "")],
    ])  # fmt: skip


def _own_view(hazard):
    if not hazard.submitted_at:
        return "—"
    person = f"，提交人：{hazard.submitted_by}" if hazard.submitted_by else ""
    return f"已按要求完成整改，申请销号（{chinese_date(_date(hazard.submitted_at))}{person}）。"


def _funds(hazard, plan):
    """Yuan, planned, allocated and spent, as far as they are known."""
    spent = hazard.cost if hazard.cost is not None else (plan.funds_spent if plan else None)
    pairs = [("计划", plan.funds_planned), ("到位", plan.funds_allocated)] if plan else []
    known = [f"{word}{amount:,.2f}元" for word, amount in [*pairs, ("实支", spent)] if amount is not None]
    return "，".join(known) or "—"


def _date(at):
    return localdate(at) if at else None


def _day(day):
    return chinese_date(day) if day else "—"
