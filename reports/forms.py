"""Forms of reports. They only check; services save."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .papers.prose import SECTIONS


def lines(count):
    """A text field with room for so many lines."""
    return forms.Textarea(attrs={"rows": count})


class WordsForm(forms.Form):
    """The words of a weekly report; the figures are not here, they come from the records."""

    reasons = forms.CharField(
        label=_("Why hazards stay open"), required=False, max_length=2000, widget=lines(3),
        help_text=_("Needed when hazards are overdue."),
    )  # fmt: skip
    matters = forms.CharField(
        label=_("Matters to coordinate"), required=False, max_length=2000, widget=lines(3),
        help_text=_("What the school cannot solve alone."),
    )  # fmt: skip
    remarks = forms.CharField(label=_("Remarks"), required=False, max_length=2000, widget=lines(2))
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=500, widget=lines(3))


class BulletinForm(forms.Form):
    """Title, addressees and the text of every section."""

    title = forms.CharField(label=_("Title"), max_length=120)
    recipients = forms.CharField(label=_("Addressed to"), max_length=200)
    copies = forms.CharField(label=_("Copies to"), max_length=200, required=False)
    situation = forms.CharField(label=_("General situation"), max_length=5000, widget=lines(8))
    major = forms.CharField(label=_("Major hazards"), max_length=5000, required=False, widget=lines(3))
    overdue = forms.CharField(label=_("Overdue hazards"), max_length=5000, required=False, widget=lines(3))
    praise = forms.CharField(label=_("Praise"), max_length=5000, required=False, widget=lines(3))
    criticism = forms.CharField(
        label=_("Criticism"), max_length=5000, required=False, widget=lines(3),
        help_text=_("Facts by institution; no ranking."),
    )  # fmt: skip
    demands = forms.CharField(
        label=_("Demands"), max_length=5000, widget=lines(8),
        help_text=_("Each line becomes a numbered point."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, bulletin, data=None):
        """The form with what the bulletin holds."""
        initial = {name: bulletin.sections.get(name, "") for name in SECTIONS} | {
            "title": bulletin.title, "recipients": bulletin.recipients, "copies": bulletin.copies,
            "version": bulletin.version,
        }  # fmt: skip
        return cls(data, initial=initial)


class MonthForm(forms.Form):
    """The month of a new bulletin: one of the last twelve that are over."""

    month = forms.DateField(label=_("Month"), widget=forms.Select)

    def __init__(self, months, data=None):
        super().__init__(data)
        choices = [(str(month), f"{month:%Y-%m}") for month in months]
        self.fields["month"].widget.choices = choices

    def clean_month(self):
        month = self.cleaned_data["month"]
        if str(month) not in {value for value, _label in self.fields["month"].widget.choices}:
            raise forms.ValidationError(_("Choose one of the months in the list."))
        return month


class PickForm(forms.Form):
    """A select in the address: a week, a month, or a bureau to look into."""

    def __init__(self, name, label, choices, data, initial):
        """`data` is the address; what else stands in `within` is carried along."""
        super().__init__(
            data if name in data else None, initial={name: initial, "within": data.get("within", "")}
        )
        self.name = name
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.fields["within"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def chosen(self, default):
        """What was chosen, or the default when nothing usable was."""
        if not self.is_bound or not self.is_valid():
            return default
        return self.cleaned_data[self.name] or default
