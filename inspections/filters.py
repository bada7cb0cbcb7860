"""Filters of the lists of this app: plain forms that narrow a queryset."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.forms import DateInput
from schoolsafety.core.models import Organisation

from .models import NoticeItem
from .workflow import NoticeStatus


class WithinFilter(forms.Form):
    """School or district, and a span of days."""

    within = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("School or district"), required=False
    )
    since = forms.DateField(label=_("From"), required=False, widget=DateInput)
    until = forms.DateField(label=_("To"), required=False, widget=DateInput)
    day_field = "day"

    def __init__(self, data, organisations):
        super().__init__(data)
        self.fields["within"].queryset = organisations
        self.fields["within"].empty_label = _("All")

    def apply(self, rows):
        """The rows that fit what was chosen."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        if chosen.get("within"):
            rows = rows.filter(school__path__startswith=chosen["within"].path)
        if chosen.get("since"):
            rows = rows.filter(**{f"{self.day_field}__gte": chosen["since"]})
        if chosen.get("until"):
            rows = rows.filter(**{f"{self.day_field}__lte": chosen["until"]})
        return rows


class PatrolFilter(WithinFilter):
    """Also only walks with problems, or only late entries."""

    only = forms.ChoiceField(
        label=_("Only"),
        required=False,
        choices=[("", _("All")), ("problems", _("With problems")), ("late", _("Late entries"))],
    )

    def apply(self, rows):
        rows = super().apply(rows)
        chosen = getattr(self, "cleaned_data", {}).get("only")
        narrowed = {"problems": {"problem_count__gt": 0}, "late": {"is_late_entry": True}}
        return rows.filter(**narrowed.get(chosen, {}))


class VisitFilter(WithinFilter):
    day_field = "inspected_on"


class NoticeFilter(WithinFilter):
    day_field = "checked_on"
    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *NoticeStatus.choices]
    )
    q = forms.CharField(
        label=_("Number, school or words"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def apply(self, rows):
        rows = super().apply(rows)
        chosen = getattr(self, "cleaned_data", {})
        if chosen.get("status"):
            rows = rows.filter(status=chosen["status"])
        if chosen.get("q"):
            words = chosen["q"].strip()
            cited = NoticeItem.objects.filter(Q(text__icontains=words) | Q(hazard__number=words))
            rows = rows.filter(
                Q(number__icontains=words)
                | Q(school__name__icontains=words)
                | Q(pk__in=cited.values("notice"))
            )
        return rows


class DayFilter(forms.Form):
    day_shown = forms.DateField(label=_("Day"), required=False, widget=DateInput)

    def __init__(self, data, today):
        super().__init__(data, initial={"day_shown": today})
        self.today = today

    def day(self):
        """The day asked for, else today."""
        return (self.is_valid() and self.cleaned_data["day_shown"]) or self.today
