"""Forms of chasing, pauses and escalation. They only check; services act on the cleaned data."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.forms import ProofField, Words
from hazards.models import Hazard
from schoolsafety.core.forms import DateInput
from schoolsafety.core.messengers import channels

from ..settings_chasing import NAMES_IN_BRACES
from ..workflow.chasing import MESSENGERS, Way
from .filters import PlaceFilter


def ways():
    """[(value, label)] of the ways that this installation has."""
    have = {channel.value for channel in channels()}
    return [(way.value, way.label) for way in Way if way not in MESSENGERS or way.value in have]


class ChaseForm(forms.Form):
    """The chosen rows, and how they are chased. Cleaned data: hazard (rows), way, text, note, is_again."""

    way = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What is sent"), max_length=300, required=False, widget=Words,
        help_text=format_lazy("{}: {}", _("Filled in for each hazard"), NAMES_IN_BRACES),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Who was reached, what was said"), max_length=300, required=False, widget=Words,
        help_text=_("Needed for a telephone call or a paper; else a note for the history."),
    )  # fmt: skip
    is_again = forms.BooleanField(label=_("Also those chased a short while ago"), required=False)
    hazard = forms.ModelMultipleChoiceField(
        Hazard.objects.none(), to_field_name="number", label=_("Hazards"),
        error_messages={"required": _("Choose at least one hazard.")},
    )  # fmt: skip

    def __init__(self, hazards=None, data=None, **options):
        """`hazards`: those that may be chosen; needed for a press, not for the empty form."""
        super().__init__(data, **options)
        self.fields["way"].choices = ways()
        if hazards is not None:
            self.fields["hazard"].queryset = hazards


class OverdueFilter(PlaceFilter):
    """What is late, by words and by place."""

    label = _("Number, school or hazard")
    columns = ("number", "title")


class PauseForm(forms.Form):
    """From when to when, why, and what proves it."""

    starts_on = forms.DateField(label=pgettext_lazy("pause", "From"), widget=DateInput)
    ends_on = forms.DateField(label=pgettext_lazy("pause", "To, with this day"), widget=DateInput)
    reason = forms.CharField(label=_("Why the work cannot go on, and how it is kept safe"), widget=Words)
    proof = ProofField(
        label=_("Proof"), required=False,
        help_text=_("A photo, a PDF or an Office file: the weather warning, the letter of the contractor."),
    )  # fmt: skip


class DecidePauseForm(forms.Form):
    is_granted = forms.TypedChoiceField(
        label=_("Decision"), choices=[("1", _("Granted")), ("0", _("Refused"))],
        coerce=lambda value: value == "1", widget=forms.RadioSelect,
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Answer"), max_length=300, widget=Words, required=False,
        help_text=_("Needed when it is refused."),
    )  # fmt: skip


class ResumeForm(forms.Form):
    note = forms.CharField(label=_("Remark"), max_length=300, widget=Words, required=False)


class EscalationForm(forms.Form):
    """Taken up with an instruction, or left where it is, with the reason."""

    is_taken = forms.TypedChoiceField(
        label=_("Decision"), coerce=lambda value: value == "1", widget=forms.RadioSelect,
        choices=[("1", _("Take it up with an instruction")), ("0", _("Leave it with the district"))],
    )  # fmt: skip
    note = forms.CharField(
        label=_("Instruction or reason"), max_length=300, widget=Words,
        help_text=_("An instruction goes to the school and to the bureau's staff."),
    )  # fmt: skip
