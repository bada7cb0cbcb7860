"""The sentences of what a trigger found, and the first words of a draft, in the language of the moment."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from schoolsafety.core.pdf.text import chinese_date

from ..workflow.measure_kinds import Kind, Step
from ..workflow.measure_triggers import Look

PAPER_LANGUAGE = "zh-hans"
DAYS = frozenset({"due_on", "on", "issued_on", "graded_on", "first", "last"})
SENTENCES = {
    Look.OVERDUE: lambda f: _(
        "%(title)s (%(number)s, %(place)s) was to be rectified by %(due_on)s; on %(on)s it is %(n)d workdays "
        "late."
    ) % f,
    Look.REFUSED: lambda f: _(
        "The school refused to sign for the rectification notice %(number)s of %(issued_on)s. Circumstances: "
        "%(note)s. Witness: %(witness)s."
    ) % f,
    Look.NO_PLAN: lambda f: _(
        "%(title)s (%(number)s, %(place)s) was graded as major on %(graded_on)s; after %(n)d workdays there "
        "is no signed plan."
    ) % f,
    Look.UNSIGNED: lambda f: _(
        "%(title)s (%(number)s, %(place)s) was graded as major on %(graded_on)s; after %(n)d workdays nobody "
        "has signed for the responsibility."
    ) % f,
    Look.UNPROTECTED: lambda f: _(
        "%(title)s (%(number)s, %(place)s) was graded as major on %(graded_on)s; after %(n)d workdays no "
        "interim protection is recorded."
    ) % f,
    Look.SILENT: lambda f: _(
        "From %(first)s to %(last)s no patrol was handed in, %(n)d school days in a row."
    ) % f,
    Look.STEP_LATE: lambda f: _("After %(measure)s, “%(step)s” was due on %(due_on)s and is missing.")
    % (f | {"step": Step(f["step"]).label}),
    Look.PENALTIES: lambda f: _(
        "%(n)d administrative penalties in the last 180 days, %(year)d in the last year, while a major "
        "hazard is open."
    ) % f,
    Look.FUNDS: lambda f: _(
        "Of %(planned)s yuan planned for the rectification only %(allocated)s yuan are in place."
    ) % f,
}  # fmt: skip
DEMANDS = {
    Kind.INTERVIEW: "请按时到会，不得委托他人；约谈后按期书面承诺并报告整改情况。",
    Kind.CIRCULAR: "请举一反三，立即整改，并在规定期限内书面报告整改情况。各学校要引以为戒，全面自查。",
    Kind.YELLOW_CARD: "警告期内落实整改措施，书面报告整改情况；经我局核查合格后解除警告。",
    Kind.ACCOUNTABILITY: "自决定作出之日起执行，执行情况书面报告我局。",
    Kind.DISCIPLINE: "自决定作出之日起执行，执行情况书面报告我局。",
    Kind.BAN: "自决定作出之日起不得从事学校管理事务，学校应当在十个工作日内办理职务变更。",
    Kind.PENALTY: "请在规定期限内履行本决定。",
    Kind.SUPERVISION: "请针对倒查发现的问题逐项整改，一个月内书面报告整改情况。",
    Kind.VETO: "请认真吸取教训，落实整改；本决定在年度考核结果中执行。",
    Kind.REFERRAL: "请依法处理，并将处理结果函告我局。",
}


def sentence(look, facts):
    """What was found, as one sentence. `facts` as frozen in a Proposal."""
    return SENTENCES[Look(look)](facts)


def for_paper(proposal):
    """(facts, aggravating circumstances) of a proposal in the language of papers."""
    with override(PAPER_LANGUAGE):
        aggravating = [sentence(Look.FUNDS, facts) for facts in proposal.aggravating]
        return sentence(proposal.trigger.look, _dated(proposal.facts)), "\n".join(aggravating)


def _dated(facts):
    """The same facts with their days as papers write them."""
    return {name: chinese_date(date.fromisoformat(value)) if name in DAYS else value
            for name, value in facts.items()}  # fmt: skip
