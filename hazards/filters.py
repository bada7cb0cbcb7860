"""The filters of the ledger: a plain form that narrows a queryset."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schoolsafety.core.forms import DateInput
from schoolsafety.core.models import Organisation

from . import queries
from .models import Category
from .workflow import Grade, Source, Status

MOST_CHOICES = 40  # more places than this are searched by name, not listed
STATES = [
    ("open", _("All open")),
    (Status.REPORTED, _("Newly reported")),
    *[(status.value, status.label) for status in Status if status != Status.REPORTED],
]


class LedgerFilter(forms.Form):
    """All optional; a value that cannot be read is shown with its error and filters nothing."""

    q = forms.CharField(
        label=_("Words or number"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    school = forms.CharField(label=_("School name or code"), required=False, max_length=60)
    within = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("School or district"), required=False
    )
    status = forms.ChoiceField(label=_("State"), required=False)
    grade = forms.ChoiceField(label=_("Grade"), required=False)
    category = forms.ModelChoiceField(Category.objects.all(), label=_("Category"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    found_from = forms.DateField(label=_("Found from"), required=False, widget=DateInput)
    found_to = forms.DateField(label=pgettext_lazy("date", "Found to"), required=False, widget=DateInput)
    queue = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, organisations):
        """`organisations`: those that the person sees."""
        super().__init__(data)
        everything = ("", _("All"))
        self.fields["status"].choices = [everything, *STATES]
        self.fields["grade"].choices = [everything, *Grade.choices]
        self.fields["source"].choices = [everything, *Source.choices]
        self.fields["category"].empty_label = everything[1]
        self.fields["within"].queryset = organisations
        self._place_fields(list(organisations.values_list("pk", "name")[: MOST_CHOICES + 1]))

    def _place_fields(self, places):
        """One place: no field. A few: a list. Many: by name, and `within` only from a link."""
        if len(places) > 1:
            if len(places) > MOST_CHOICES:
                self.fields["within"].widget = forms.HiddenInput()
            else:
                del self.fields["school"]
                self.fields["within"].widget.choices = [("", _("All")), *places]
        else:
            del self.fields["school"], self.fields["within"]

    @property
    def place(self):
        """The organisation that a link narrows the list to, if it cannot be seen in a field."""
        hidden = "within" in self.fields and self.fields["within"].widget.is_hidden
        return getattr(self, "cleaned_data", {}).get("within") if hidden else None

    def apply(self, hazards):
        """The hazards that fit what was chosen."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        hazards = queries.search(hazards, chosen.get("q", ""))
        for name, condition in CONDITIONS.items():
            if name in chosen:
                hazards = hazards.filter(condition(chosen[name]))
        return hazards


def _state(value):
    return ~Q(status=Status.CLOSED) if value == "open" else Q(status=value)


def _school(words):
    return Q(school__name__icontains=words) | Q(school__short_name__icontains=words) | Q(school__code=words)


CONDITIONS = {
    "status": _state,
    "school": _school,
    "within": lambda place: Q(school__path__startswith=place.path),
    "grade": lambda grade: Q(grade=grade) | Q(grade="", proposed_grade=grade),
    "category": lambda category: Q(category=category),
    "source": lambda source: Q(source=source),
    "found_from": lambda day: Q(found_on__gte=day),
    "found_to": lambda day: Q(found_on__lte=day),
}
