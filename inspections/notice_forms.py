"""Forms of the rectification notice. They only check; services act, on the cleaned data."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hazards.models import Hazard
from hazards.workflow import Verification
from schoolsafety.core.fields import PhotosField
from schoolsafety.core.forms import DateInput

from . import wording
from .models import Notice, NoticeItem
from .workflow import ItemResult


class Words(forms.Textarea):
    """A small text area: words, not an essay."""

    def __init__(self, rows=3):
        super().__init__({"rows": rows})


class ChooseForm(forms.Form):
    """The hazards for a notice, and what is said alike when several schools get one each."""

    hazard = forms.ModelMultipleChoiceField(Hazard.objects.none(), to_field_name="number", label=_("Hazards"))
    inspectors = forms.CharField(label=_("Inspectors and certificates"), max_length=200, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=100, required=False)

    def __init__(self, hazards, data=None):
        super().__init__(data)
        self.fields["hazard"].queryset = hazards
        self.fields["hazard"].error_messages["required"] = _("Choose at least one hazard.")


class NoticeForm(forms.ModelForm):
    """The words of a draft. The law is chosen from the clauses in force and copied as text."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    clauses = forms.MultipleChoiceField(
        label=_("Legal basis"), required=False, widget=forms.CheckboxSelectMultiple
    )
    more_clauses = forms.MultipleChoiceField(
        label=_("More clauses in force"), required=False, widget=forms.CheckboxSelectMultiple
    )
    own_clauses = forms.CharField(
        label=_("Other clauses"), required=False, widget=Words(2), help_text=_("One clause a line.")
    )

    class Meta:
        model = Notice
        fields = [
            "checked_on", "inspectors", "opening", "protection", "reply_due_on", "review_on", "consequence",
            "appeal", "contact",
        ]  # fmt: skip
        widgets = {
            "checked_on": DateInput, "reply_due_on": DateInput, "review_on": DateInput, "opening": Words(5),
            "protection": Words(), "consequence": Words(), "appeal": Words(),
        }  # fmt: skip

    def __init__(self, near, far, data=None, *, instance):
        """`near`, `far`: [(text, label)] of the clauses that concern these hazards, and of all others."""
        lines = [line.strip() for line in instance.basis.splitlines() if line.strip()]
        known = {text for text, _label in [*near, *far]}
        super().__init__(data, instance=instance, initial={
            "version": instance.version, "clauses": lines, "more_clauses": lines,
            "own_clauses": "\n".join(line for line in lines if line not in known),
        })  # fmt: skip
        self.fields["clauses"].choices, self.fields["more_clauses"].choices = near, far
        self.fields["opening"].help_text = format_lazy(
            "{}: {}", _("Filled in when issued"), wording.NAMES_IN_BRACES
        )
        self.fields["opening"].required = True

    def clean_opening(self):
        wording.check_opening(self.cleaned_data["opening"])
        return self.cleaned_data["opening"]

    def clean(self):
        chosen = self.cleaned_data
        reply, review = chosen.get("reply_due_on"), chosen.get("review_on")
        if reply and review and review < reply:
            self.add_error("review_on", _("The re-check comes after the reply."))
        own = [line.strip() for line in chosen.get("own_clauses", "").splitlines() if line.strip()]
        lines = [*chosen.get("clauses", []), *chosen.get("more_clauses", []), *own]
        if not lines and not self.errors:
            self.add_error("clauses", _("Name the legal basis."))
        chosen["basis"] = "\n".join(dict.fromkeys(lines))

    def texts(self):
        """{field of Notice: value}"""
        return {name: self.cleaned_data[name] for name in [*self.Meta.fields, "basis"]}


class NoticeItemForm(forms.ModelForm):
    """One hazard in a draft; the clause breached is suggested from a list in the page."""

    is_left_out = forms.BooleanField(label=_("Leave this hazard out"), required=False)

    class Meta:
        model = NoticeItem
        fields = ["place", "text", "breach", "demand", "due_on"]
        widgets = {
            "due_on": DateInput, "text": Words(2), "demand": Words(2),
            "breach": forms.TextInput({"list": "clauses-in-force", "autocomplete": "off"}),
        }  # fmt: skip

    def texts(self):
        """{field of NoticeItem: value}"""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ReplyItemForm(forms.ModelForm):
    """The school's answer to one item; done needs what was done, by whom and when."""

    reply_is_done = forms.TypedChoiceField(
        label=_("Is it done?"), choices=[("1", _("Done")), ("0", _("Not yet"))],
        coerce=lambda value: value == "1", widget=forms.RadioSelect,
    )  # fmt: skip
    photos = PhotosField(label=_("Photos of after"), required=False)

    class Meta:
        model = NoticeItem
        fields = ["reply_is_done", "reply", "responsible", "done_on", "cost"]
        widgets = {
            "done_on": DateInput,
            "reply": Words(2),
            "cost": forms.NumberInput({"inputmode": "decimal"}),
        }
        labels = {"reply": _("What was done, or why not yet")}

    def __init__(self, today, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["reply"].required = True
        self.fields["cost"].min_value = 0

    def clean_cost(self):
        if (self.cleaned_data["cost"] or 0) < 0:
            raise forms.ValidationError(_("Money cannot be negative."))
        return self.cleaned_data["cost"]

    def clean(self):
        chosen = self.cleaned_data
        if not chosen.get("reply_is_done"):
            return
        for name, words in {
            "done_on": _("Say when it was done."), "responsible": _("Say who is responsible."),
        }.items():  # fmt: skip
            if name not in self.errors and not chosen.get(name):
                self.add_error(name, words)
        if chosen.get("done_on") and chosen["done_on"] > self.today:
            self.add_error("done_on", _("The day lies in the future."))


class ReviewItemForm(forms.Form):
    """What the re-check found of one item; less than done says why."""

    result = forms.ChoiceField(label=_("Result"), choices=ItemResult.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)

    def clean(self):
        result = self.cleaned_data.get("result")
        if result and result != ItemResult.DONE and not self.cleaned_data.get("note"):
            self.add_error("note", _("Say what is still missing."))


class ReviewForm(forms.Form):
    reviewers = forms.CharField(
        label=_("Re-checked by"), max_length=200, help_text=_("At least two people, separated by 、")
    )
    mode = forms.ChoiceField(
        label=_("How"), choices=Verification.choices, initial=Verification.ON_SITE, widget=forms.RadioSelect
    )
    conclusion = forms.CharField(
        label=_("Conclusion"), required=False, widget=Words(),
        help_text=_("Left empty, it is put together from the results."),
    )  # fmt: skip


class SignForForm(forms.Form):
    post = forms.CharField(label=_("Your post"), max_length=60)


class RefusalForm(forms.Form):
    note = forms.CharField(label=_("Circumstances of the refusal"), max_length=300, widget=Words())
    witness = forms.CharField(label=_("Witness"), max_length=60)


class WithdrawForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=300, widget=Words())
