"""Forms of a stop of use and of its end. They only check; services act on the cleaned data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hazards.forms import PapersField, Words
from schoolsafety.core.fields import PhotosField
from schoolsafety.core.forms import DateInput

from ..models import Resumption, StopOrder
from .filters import PlaceFilter


class StopForm(forms.ModelForm):
    """The words of a draft order; the version is that of the draft it was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = StopOrder
        fields = ["extent", "place", "starts_on", "reason", "basis", "demands", "appeal", "contact"]
        widgets = {
            "extent": forms.RadioSelect, "starts_on": DateInput, "reason": Words, "basis": Words,
            "demands": Words, "appeal": Words,
        }  # fmt: skip
        help_texts = {
            "place": _("Name the building, the floor, the room or the equipment."),
            "starts_on": _("Not before the day on which the order is issued."),
            "basis": _("One clause a line."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["extent"].choices = list(self.fields["extent"].choices)[-2:]  # no empty choice

    def words(self):
        """The keyword arguments of the services."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ApplyForm(forms.ModelForm):
    """The school's written application: what the plan demanded, what was done, who assessed it."""

    report = PapersField(
        label=_("Report of the assessment"), required=False,
        help_text=_("PDF or Office file; needed when a body assessed it."),
    )  # fmt: skip
    photos = PhotosField(label=_("Photos of what was done"), required=False)

    class Meta:
        model = Resumption
        fields = [
            "plan", "done", "assessor", "experts", "body", "certificate", "assessed_on", "conclusion",
        ]  # fmt: skip
        widgets = {
            "plan": Words, "done": Words, "assessor": forms.RadioSelect, "assessed_on": DateInput,
            "experts": forms.Textarea({"rows": 2}), "conclusion": Words,
        }  # fmt: skip
        help_texts = {
            "experts": _("For an own assessment: one a line, name and post."),
            "body": _("For an assessment by a body: its full name."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assessor"].choices = list(self.fields["assessor"].choices)[-2:]


class ReviewForm(forms.Form):
    """What the reviewers saw on site."""

    reviewed_on = forms.DateField(label=_("Reviewed on"), widget=DateInput)
    reviewers = forms.CharField(
        label=_("Reviewers"), max_length=200, help_text=_("Two at least, separated by 、")
    )
    findings = forms.CharField(label=_("What was found on site"), widget=Words)
    photos = PhotosField(label=_("Photos"), required=False)
    is_proposed = forms.TypedChoiceField(
        label=_("Proposal"), coerce=lambda value: value == "1", widget=forms.RadioSelect,
        choices=[("1", _("Consent to the resumption")), ("0", _("Refuse: the stop goes on"))],
    )  # fmt: skip


class DecideForm(forms.Form):
    """Consent or refusal."""

    is_granted = forms.TypedChoiceField(
        label=_("Decision"), coerce=lambda value: value == "1", widget=forms.RadioSelect,
        choices=[("1", _("Consent to the resumption")), ("0", _("Refuse: the stop goes on"))],
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Reason or conditions"), widget=Words, required=False,
        help_text=_("A refusal needs its reason; it stands in the paper."),
    )  # fmt: skip


class PressForm(forms.Form):
    """Nothing to fill in: the button is the act."""


class WithdrawForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=300, widget=Words)


class StopFilter(PlaceFilter):
    """Stops of use, by words and by place."""

    label = _("Number, school or place")
    columns = ("number", "place")
