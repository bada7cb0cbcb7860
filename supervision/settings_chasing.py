"""What a bureau sets for chasing, pauses and escalation."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.preferences import Choice, declare

from .workflow.chasing import PLACEHOLDERS

TEXT = "请抓紧整改：{title}（{number}），期限{due}，已逾期{days}天。请今天回复整改安排。"
NAMES_IN_BRACES = "、".join(f"{{{name}}}" for name in PLACEHOLDERS)
IN_BRACES = re.compile(r"\{([^{}]*)\}")


def check_text(text):
    """Raises ValidationError for a word in braces that nothing stands for."""
    unknown = [name for name in IN_BRACES.findall(text) if name not in PLACEHOLDERS]
    if unknown:
        words = {"names": NAMES_IN_BRACES, "name": unknown[0]}
        raise ValidationError(_("{%(name)s} stands for nothing. Known are %(names)s.") % words)


def filled(text, values):
    """`text` with its words in braces replaced by `values` ({name: text})."""
    return IN_BRACES.sub(lambda match: str(values.get(match[1], match[0])), text)


# The numbers are ours: local plans differ and name none that we know.
declare(
    "chasing.text",
    Choice(TEXT, _("Chasing: the line that is sent"), check=check_text, help=NAMES_IN_BRACES),
)
declare(
    "chasing.wait_hours",
    Choice(
        24, _("Chasing: not again within so many hours"), low=0, high=240,
        help=_("Unless whoever chases says so."),
    ),
)  # fmt: skip
declare("chasing.pause_most", Choice(180, _("Pause of a deadline: at most so many days"), low=1, high=730))
declare(
    "chasing.leader_days",
    Choice(
        5, _("Escalation to the district's leader: from so many workdays late (0: never)"), low=0, high=250
    ),
)
declare(
    "chasing.leader_chases",
    Choice(2, _("Escalation to the district's leader: chased so many times"), low=1, high=50),
)
declare(
    "chasing.city_days",
    Choice(15, _("Escalation to the city: from so many workdays late (0: never)"), low=0, high=250),
)
declare("chasing.city_chases", Choice(3, _("Escalation to the city: chased so many times"), low=1, high=50))
