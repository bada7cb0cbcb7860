"""Skeleton sentences of notices: a bureau's own text with named places that are filled in. Pure.

Only the names listed here can stand in braces; nothing is evaluated, no attribute is reached.
"""

from string import Formatter

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OPENING_NAMES = ("bureau", "school", "date", "count", "basis", "inspectors", "reply_by", "review_on")
NAMES_IN_BRACES = " ".join(f"{{{name}}}" for name in OPENING_NAMES)
OPENING = (
    "{date}，我局对你校进行了安全检查。经查，发现以下{count}项安全隐患。根据{basis}，请按要求和期限完成整改，"
    "逐条书面回复；整改完成前落实防护措施，确保师生安全。"
)
DEMAND = "立即采取措施消除隐患，查明原因，防止再次发生。"
PROTECTION = "整改完成前，停用隐患部位或者设置警戒，安排专人看守。"
CONSEQUENCE = "逾期未完成整改的，我局将约谈学校主要负责人并予以通报；属于重大事故隐患的，依法挂牌督办。"
APPEAL = "对本通知书有异议的，可在收到之日起五个工作日内向我局书面说明情况。"


def check_opening(text: str) -> None:
    """Raise ValidationError if `text` holds a brace that is not one of OPENING_NAMES."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise ValidationError(
            _("A brace is left open. Known are %(names)s.") % {"names": NAMES_IN_BRACES}
        ) from error
    for _literal, name, spec, conversion in parts:
        if name is not None and (name not in OPENING_NAMES or spec or conversion):
            words = {"name": f"{{{name}}}", "names": NAMES_IN_BRACES}
            raise ValidationError(_("%(name)s is not known. Known are %(names)s.") % words)


def fill(text: str, values: dict[str, object]) -> str:
    """`text` with its named places filled from `values`; a text that fails the check stays as it is."""
    try:
        check_opening(text)
    except ValidationError:
        return text
    return "".join(
        literal + (str(values[name]) if name is not None else "")
        for literal, name, _spec, _conversion in Formatter().parse(text)
    )
