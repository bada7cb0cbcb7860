"""Fields in which a deadline is set: they ask once before a day is taken that the adviser speaks against."""

from datetime import date

from django import forms
from django.urls import reverse

from .advising import advise, school_year
from .forms import DateInput


class DeadlineInput(DateInput):
    """A date with two answers beside it: `use_<name>` takes another day, `keep_<name>` stays with this one.

    Only a page that showed the field (`asks_<name>`) can show the question; whoever posts without it is
    not asked.
    """

    def __init__(self, attrs=None):
        super().__init__({"data-deadline": "", **(attrs or {})})
        self.is_asking, self.kept = False, ""

    def value_from_datadict(self, data, files, name):
        self.is_asking, self.kept = f"asks_{name}" in data, data.get(f"keep_{name}", "")
        return data.get(f"use_{name}") or super().value_from_datadict(data, files, name)


class DeadlineField(forms.DateField):
    """A date that is asked about before it is taken; `advice` is set when a person has to answer."""

    is_deadline = True
    widget = DeadlineInput

    def __init__(self, *, organisation, today: date, **options):
        super().__init__(**options)
        self.organisation, self.today, self.advice = organisation, today, None
        self.address = reverse("core:deadline", args=[organisation.pk])

    def clean(self, value):
        day = super().clean(value)
        if day is None or not self.widget.is_asking or self.widget.kept == day.isoformat():
            return day
        advice = advise(day, school_year(self.organisation), self.today)
        if advice.reasons:
            self.advice = advice
            raise forms.ValidationError(list(advice.reasons))
        return day


def watch(form, organisation, today, *names):
    """Let the date fields `names` of `form` ask about days that are bad for `organisation`; returns `form`.

    To be called before the form is validated or drawn. Names that the form does not have are passed over.
    """
    for name in names:
        if name not in form.fields:
            continue
        old = form.fields[name]
        form.fields[name] = DeadlineField(
            organisation=organisation, today=today, label=old.label, required=old.required,
            help_text=old.help_text, initial=old.initial, error_messages=old.error_messages,
            widget=DeadlineInput(old.widget.attrs),
        )  # fmt: skip
    return form
