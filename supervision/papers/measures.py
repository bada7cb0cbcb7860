"""The papers of the ladder: 约谈, 约谈记录, 通报, 黄牌, 追责, 处分, 告知书, 处罚, 函, 倒查, 一票否决."""

from django.utils.timezone import localdate, localtime
from django.utils.translation import override

from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.text import chinese_date

from ..workflow.measure_kinds import (
    HEARING_ON_REQUEST,
    KIND_RULES,
    MONEY,
    SANCTION_MONTHS,
    Answer,
    Kind,
    Question,
    Sanction,
)
from ..workflow.measures import Hearing

CHINESE = "zh-hans"
DRAFT_NUMBER = "草稿未编号"
FORM = "papers/form.html"
OBJECTION = "如对本{what}有异议，可自收到之日起{days}日内向我局书面申请复核；复核期间不停止执行。"
LAWSUIT = (
    "如不服本决定，可自收到本决定书之日起六十日内依法申请行政复议，也可以在六个月内依法向人民法院提起行政诉讼。"
    "复议或者诉讼期间，除法律另有规定外，本决定不停止执行。"
)
RIGHTS = (
    "根据《中华人民共和国行政处罚法》第四十四条、第四十五条，你校有权进行陈述和申辩。请于{day}前提出书面意见，"
    "逾期未提出的，视为放弃；陈述和申辩不会加重处罚。"
)
HEARING_RIGHT = (
    "根据《中华人民共和国行政处罚法》第六十三条、第六十四条，你校有权在收到本告知书后五日内要求听证。"
)


def measure(row, number):
    """The data of the paper by which the measure is imposed; `row.issued_at` is set."""
    with override(CHINESE):
        return MAKERS[Kind(row.kind)](row, number)


def draft_of(row, *, now):
    """The measure as it would be issued now, marked 草稿; no number is used up."""
    row.issued_at = row.issued_at or now
    return measure(row, row.number or DRAFT_NUMBER) | ({} if row.number else {"urgency": "草稿"})


def prior_notice(row, number):
    """行政处罚事先告知书 (行政处罚法 Art. 44): facts, reasons, basis, what is intended, and the rights."""
    with override(CHINESE):
        rights = [blocks.paragraph(RIGHTS.format(day=chinese_date(row.statement_due_on)))]
        rights += [blocks.paragraph(HEARING_RIGHT)] if row.sanction in HEARING_ON_REQUEST else []
        body = [
            *_paragraphs("违法事实", row.facts), *_paragraphs("处罚理由", row.reason),
            *_paragraphs("处罚依据", f"{_clauses(row)}。"), *_paragraphs("从重情节", row.aggravating),
            blocks.paragraph(f"我局拟对你校作出如下行政处罚：{_imposed(row)}。"), *rights,
        ]  # fmt: skip
        return _letter(row, number, "行政处罚事先告知书", body, localdate(row.noticed_at))


def record(row, step):
    """约谈记录: who, when, where, what was wrong, what is demanded, what was promised; lines to sign."""
    with override(CHINESE):
        said = step.data
        body = [
            blocks.grid([
                [("被约谈单位", row.school.name), ("被约谈人", _person(row))],
                [("约谈时间", chinese_date(step.done_on)), ("约谈地点", row.meet_place)],
                [("主谈人", row.host), ("约谈通知书", row.number)],
                [("参加人员", said["participants"])],
                [("约谈事由", row.facts)],
                [("指出的问题", said["problems"])],
                [("整改要求", said["demands"])],
                [("表态承诺", said["promise"])],
                [("报告期限", said["report_by"])],
            ])
        ]  # fmt: skip
        return blocks.form(
            title="约谈记录", author=row.organisation.name, issuer=row.organisation.name, body=body,
            footer=row.school.name,
            signatures=["主谈人（签字）", "被约谈人（签字）", "记录人（签字）", "日期"],
        )  # fmt: skip


def _interview(row, number):
    at = localtime(row.meet_at)
    body = [
        blocks.paragraph(row.facts), *_paragraphs("约谈依据", f"{_clauses(row)}。"),
        *_paragraphs("约谈理由", row.reason), *_paragraphs("从重情节", row.aggravating),
        blocks.paragraph("现决定对你校进行约谈，有关事项通知如下："),
        blocks.grid([
            [("被约谈人", _person(row))],
            [("时间", f"{chinese_date(at)} {at:%H:%M}"), ("地点", row.meet_place)],
            [("主谈人", row.host), ("携带材料", row.bring or "—")],
        ]),
        *_paragraphs("有关要求", row.demand), _objection(row, "通知"),
    ]  # fmt: skip
    receipt = blocks.part(
        "送达回执", [blocks.paragraph(f"《约谈通知书》（{number}）收到，将按时参加。", is_flush=True)],
        number=number, signatures=["被约谈人（签字）", "学校（盖章）", "日期"],
    )  # fmt: skip
    return _letter(row, number, "约谈通知书", body, receipt=receipt)


def _circular(row, number):
    body = [
        blocks.paragraph(row.facts), *_paragraphs("通报依据", f"{_clauses(row)}。"),
        *_paragraphs("存在问题", row.reason), *_paragraphs("从重情节", row.aggravating),
        blocks.paragraph(f"经研究，决定对{row.school.name}予以通报批评。"),
        *_paragraphs("有关要求", row.demand),
        blocks.paragraph("本通报系教育系统内部管理措施，不是行政处罚。"), _objection(row, "通报"),
    ]  # fmt: skip
    title = f"关于对{row.school.name}安全隐患排查治理工作不力的通报"
    return _official(row, number, title, body, to=row.school.name)


def _yellow_card(row, number):
    body = [
        blocks.paragraph(row.facts), *_paragraphs("警告依据", f"{_clauses(row)}。"),
        *_paragraphs("警告理由", row.reason), *_paragraphs("从重情节", row.aggravating),
        blocks.paragraph(
            f"现决定给予你校黄牌警告，警告期自{chinese_date(localdate(row.issued_at))}至{chinese_date(row.until)}。"
        ),
        *_paragraphs("有关要求", row.demand), _objection(row, "警告"),
    ]  # fmt: skip
    return _letter(row, number, "黄牌警告通知书", body)


def _accountability(row, number):
    body = [*_grounds(row, "追究依据"), *_paragraphs("有关要求", row.demand), _objection(row, "决定")]
    title = f"关于对{row.person_name}追究安全管理责任的决定"
    return _official(row, number, title, body, to=row.school.name)


def _discipline(row, number):
    months = SANCTION_MONTHS.get(row.sanction)
    period = [blocks.paragraph(f"处分期间为{months}个月，自决定作出之日起计算。")] if months else []
    body = [
        *_grounds(row, "处分依据"), *period, *_paragraphs("有关要求", row.demand), _objection(row, "决定"),
    ]  # fmt: skip
    title = f"关于给予{row.person_name}{row.get_sanction_display()}处分的决定"
    return _official(row, number, title, body, to=row.school.name)


def _ban(row, number):
    who = f"{row.person_name}（{row.school.name}{row.person_post}）"
    body = [
        blocks.paragraph(row.facts), *_paragraphs("决定依据", f"{_clauses(row)}。"),
        *_paragraphs("决定理由", row.reason), *_paragraphs("从重情节", row.aggravating),
        blocks.paragraph(
            f"经研究，决定自{chinese_date(localdate(row.issued_at))}至{chinese_date(row.until)}，"
            f"禁止{who}从事学校管理事务。"
        ),
        *_paragraphs("有关要求", row.demand), _objection(row, "决定"),
    ]  # fmt: skip
    title = f"关于禁止{row.person_name}从事学校管理事务的决定"
    return _official(row, number, title, body, to=row.school.name)


def _penalty(row, number):
    """行政处罚决定书 with what 行政处罚法 Art. 59 asks."""
    body = [
        blocks.grid([
            [("当事人", row.school.name), ("负责人", _person(row) or "—")],
            [("地址", row.school.address or "—")],
        ]),
        *_paragraphs("违法事实和证据", row.facts), *_paragraphs("处罚理由", row.reason),
        *_paragraphs("从重情节", row.aggravating), *_paragraphs("陈述、申辩和听证情况", _heard(row)),
        *_paragraphs("处罚依据", f"{_clauses(row)}。"),
        blocks.paragraph(f"我局决定对你校作出如下行政处罚：{_imposed(row)}。"),
        *_paragraphs("履行方式和期限", _how_to_pay(row)), blocks.paragraph(LAWSUIT),
    ]  # fmt: skip
    return _letter(row, number, "行政处罚决定书", body)


def _referral(row, number):
    words = {
        Sanction.CLOSE: (f"关于提请对{row.school.name}依法予以关闭的函", "提请依法予以关闭"),
        Sanction.INSPECTORATE: ("关于移送问题线索的函", "现将有关问题线索移送你单位"),
        Sanction.POLICE: ("关于移送涉嫌犯罪线索的函", "现将涉嫌犯罪的有关线索移送你单位"),
    }
    title, asked = words.get(row.sanction, ("关于移送有关事项的函", "现将有关事项移送你单位"))
    body = [
        blocks.paragraph(row.facts), *_paragraphs("从重情节", row.aggravating),
        blocks.paragraph(f"根据{_clauses(row)}，{asked}。"), *_paragraphs("说明", row.reason),
        blocks.paragraph(row.demand),
    ]  # fmt: skip
    return _letter(row, number, title, body, to=row.authority)


def _supervision(row, number):
    """监管责任倒查: what happened, the three questions with their answers, what follows for the bureau."""
    unit = row.unit.name
    happened = f"{chinese_date(row.accident_on)}，{row.school.name}发生安全事故，造成{row.deaths}人死亡。"
    asked = [
        blocks.paragraph(
            f"{Answer(row.review[one]['answer']).label}。{row.review[one]['note']}", lead=f"{one.label}："
        )
        for one in Question
    ]
    if row.sanction == Sanction.NOTHING:
        decided = f"经倒查，未发现{unit}监管失职。"
    else:
        whom = f"{unit}{row.person_post}{row.person_name}" if row.person_name else unit
        decided = f"经研究，决定对{whom}作出如下处理：{row.get_sanction_display()}。"
    body = [
        blocks.paragraph(f"{happened}{row.facts}"),
        blocks.paragraph(f"发生安全死亡事故，同时追究监管部门责任。我局对{unit}的监管履职情况进行了倒查："),
        *asked, *_paragraphs("认定", row.get_fault_display()), *_paragraphs("理由", row.reason),
        *_paragraphs("从重情节", row.aggravating), *_paragraphs("追究依据", f"{_clauses(row)}。"),
        blocks.paragraph(decided), *_paragraphs("有关要求", row.demand),
    ]  # fmt: skip
    return _official(row, number, f"关于{unit}安全监管责任倒查的决定", body, to=unit)


def _veto(row, number):
    """一票否决: the unit, the year, who resolved it, what it does to the result of the year."""
    unit = row.unit.name
    leader = [blocks.paragraph(_person(row), lead="主要负责人：")] if row.person_name else []
    body = [
        blocks.paragraph(row.facts), *_paragraphs("否决依据", f"{_clauses(row)}。"),
        *_paragraphs("理由", row.reason), *_paragraphs("从重情节", row.aggravating),
        blocks.paragraph(
            f"经{row.resolved_by}研究，决定在{row.year}年度目标责任考核中对{unit}实行安全工作“一票否决”："
            f"{row.effect.rstrip('。')}。"
        ),
        *leader, *_paragraphs("有关要求", row.demand),
        *([] if row.is_about_a_bureau else [_objection(row, "决定")]),
    ]  # fmt: skip
    title = f"关于对{unit}{row.year}年度安全工作实行“一票否决”的决定"
    return _official(row, number, title, body, to=unit)


MAKERS = {
    Kind.INTERVIEW: _interview, Kind.CIRCULAR: _circular, Kind.YELLOW_CARD: _yellow_card,
    Kind.ACCOUNTABILITY: _accountability, Kind.DISCIPLINE: _discipline, Kind.BAN: _ban,
    Kind.PENALTY: _penalty, Kind.REFERRAL: _referral, Kind.SUPERVISION: _supervision, Kind.VETO: _veto,
}  # fmt: skip


def _grounds(row, basis):
    """Facts, reasons, basis and the decision about a person."""
    who = f"{row.person_name}（{row.school.name}{row.person_post}）"
    return [
        blocks.paragraph(row.facts), *_paragraphs("追究事由", row.get_fault_display()),
        *_paragraphs("理由", row.reason), *_paragraphs("从重情节", row.aggravating),
        *_paragraphs(basis, f"{_clauses(row)}。"),
        blocks.paragraph(f"经研究，决定对{who}给予{row.get_sanction_display()}。"),
    ]  # fmt: skip


def _letter(row, number, title, body, day=None, *, to="", receipt=None):
    day = day or localdate(row.issued_at)
    name = row.organisation.name
    return blocks.letter(
        mark=name, number=number, title=title, body=body, author=name, to=to or row.school.name,
        sign=blocks.signature(name, chinese_date(day)), receipt=receipt,
        note=f"联系人：{row.contact}" if row.contact else "",
    )  # fmt: skip


def _official(row, number, title, body, *, to):
    name, day = row.organisation.name, chinese_date(localdate(row.issued_at))
    return blocks.official(
        mark=f"{name}文件", number=number, title=title, body=body, author=name, to=to,
        sign=blocks.signature(name, day), copies=row.copies, printed_by=f"{name}办公室", printed_on=day,
        note=f"联系人：{row.contact}" if row.contact else "",
    )  # fmt: skip


def _objection(row, what):
    return blocks.paragraph(OBJECTION.format(what=what, days=KIND_RULES[Kind(row.kind)].appeal_days))


def _imposed(row):
    """What is imposed, with its amount."""
    money = f"{row.amount:,.2f}元" if row.sanction in MONEY and row.amount else ""
    return f"{row.get_sanction_display()}{money}"


def _how_to_pay(row):
    """行政处罚法 Art. 67 and 72: fifteen days, then three in a hundred a day, at most the fine itself."""
    if row.sanction == Sanction.FINE:
        return (
            "自收到本决定书之日起十五日内到指定银行缴纳；逾期不缴纳的，每日按罚款数额的百分之三加处罚款，"
            "加处罚款的数额不超出罚款的数额。"
        )
    return "自收到本决定书之日起十五日内上缴。" if row.sanction in MONEY else row.demand


def _person(row):
    return f"{row.person_name} {row.person_post}".strip()


def _heard(row):
    how = {
        Hearing.STATEMENT: "当事人已陈述、申辩。", Hearing.HEARING: "已依法举行听证。",
        Hearing.NONE: "当事人在规定期限内未陈述、申辩，也未要求听证。",
    }  # fmt: skip
    return f"{how.get(row.hearing, '')}{row.hearing_note}"


def _clauses(row):
    return "、".join(line.strip() for line in row.basis.splitlines() if line.strip())


def _paragraphs(lead, text):
    """One paragraph a line, the first with its lead; none for an empty text."""
    lines = [line.strip() for line in str(text or "").splitlines() if line.strip()]
    return [
        blocks.paragraph(line, lead=f"{lead}：" if number == 0 else "") for number, line in enumerate(lines)
    ]
