"""Forms of the rectification notice. They only check; services act."""

from django import forms
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.fields import PhotosField
from schoolsafety.core.forms import DateInput

from .models import Notice, NoticeItem
from .workflow import ItemResult


class NoticeForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Notice
        fields = [
            "checked_on", "inspectors", "basis", "protection", "reply_due_on", "review_on", "consequence",
            "appeal", "contact",
        ]  # fmt: skip
        widgets = {"checked_on": DateInput, "reply_due_on": DateInput, "review_on": DateInput}
        help_texts = {"basis": _("One clause a line; suggested from the clauses in force.")}

    def clean(self):
        chosen = self.cleaned_data
        reply, review = chosen.get("reply_due_on"), chosen.get("review_on")
        if reply and review and review < reply:
            self.add_error("review_on", _("The re-check comes after the reply."))


class NoticeItemForm(forms.ModelForm):
    class Meta:
        model = NoticeItem
        fields = ["place", "text", "breach", "demand", "due_on"]
        widgets = {
            "due_on": DateInput,
            "text": forms.Textarea(attrs={"rows": 2}),
            "demand": forms.Textarea(attrs={"rows": 2}),
        }


class ReplyItemForm(forms.ModelForm):
    """The school's answer to one item; done needs what was done, by whom and when."""

    reply_is_done = forms.TypedChoiceField(
        label=_("Is it done?"), choices=[("1", _("Done")), ("0", _("Not yet"))],
        coerce=lambda value: value == "1", widget=forms.RadioSelect,
    )  # fmt: skip
    photos = PhotosField(label=_("Photos of after"), required=False)

    class Meta:
        model = NoticeItem
        fields = ["reply_is_done", "reply", "responsible", "done_on"]
        widgets = {"done_on": DateInput, "reply": forms.Textarea(attrs={"rows": 2})}

    def clean(self):
        chosen = self.cleaned_data
        if not chosen.get("reply"):
            self.add_error("reply", _("Say what was done, or why not."))
        if chosen.get("reply_is_done") and not chosen.get("done_on"):
            self.add_error("done_on", _("Say when it was done."))


class ReviewItemForm(forms.Form):
    result = forms.ChoiceField(label=_("Result"), choices=ItemResult.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)


class ReviewForm(forms.Form):
    reviewers = forms.CharField(
        label=_("Re-checked by"), max_length=200, help_text=_("At least two people, separated by 、")
    )
    conclusion = forms.CharField(label=_("Conclusion"), widget=forms.Textarea(attrs={"rows": 2}))


class SignForForm(forms.Form):
    post = forms.CharField(label=_("Your post"), max_length=60)


class RefusalForm(forms.Form):
    note = forms.CharField(label=_("Circumstances of the refusal"), max_length=300)
    witness = forms.CharField(label=_("Witness"), max_length=60)


class ReasonForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=300)
