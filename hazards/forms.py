"""Forms of the acts on a hazard. They only check; services act."""

from django import forms
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.fields import DocumentField, PhotosField
from schoolsafety.core.forms import DateInput

from .models import Category, Hazard, LegalBasis, RectificationPlan
from .workflow import WRITE_OFF_CLOSURES, Closure, Grade, Slot, Verification

GRADES = [(Grade.GENERAL, _("General: fix at once")), (Grade.MAJOR, _("Suspected major"))]


class SnapForm(forms.Form):
    """Snap report (随手拍): one screen; with photos of before and after it is fixed on the spot."""

    photos = PhotosField(label=_("Photo of what is wrong"), help_text=_("Show the place, not the faces of pupils."))
    title = forms.CharField(label=_("What is wrong"), max_length=200)
    place = forms.CharField(label=_("Where"), max_length=120)
    category = forms.ModelChoiceField(Category.objects.filter(is_active=True), label=_("Category"))
    proposed_grade = forms.ChoiceField(
        label=_("How bad"), choices=GRADES, initial=Grade.GENERAL, widget=forms.RadioSelect
    )
    after_photos = PhotosField(
        label=_("Photo of after, if fixed on the spot"), required=False,
        help_text=_("With it the report is also the rectification."),
    )  # fmt: skip
    measure = forms.CharField(label=_("What was done"), max_length=300, required=False)
    description = forms.CharField(label=_("Details"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)


class SchoolSnapForm(SnapForm):
    """For those who see several schools: where it was, and who says so."""

    school = forms.ModelChoiceField(None, label=_("School"))
    partner = forms.CharField(label=_("Found by which agency, if not the bureau"), max_length=100, required=False)
    field_order = ["school"]

    def __init__(self, schools, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Words"), widget=forms.Textarea)


class SignForm(forms.Form):
    """Nothing to fill in: the button is the signature."""


class OptionalNoteForm(forms.Form):
    note = forms.CharField(label=_("Words"), widget=forms.Textarea, required=False)


class CommentForm(NoteForm):
    photos = PhotosField(label=_("Photos"), required=False)


class GradeForm(forms.Form):
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=300)
    due_on = forms.DateField(
        label=_("Deadline"), required=False, widget=DateInput,
        help_text=_("Empty: from the bureau's settings, in workdays."),
    )  # fmt: skip


class TransferForm(forms.Form):
    to = forms.CharField(label=_("To which authority"), max_length=100)
    note = forms.CharField(label=_("Reason"), widget=forms.Textarea)


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(Hazard.objects.none(), label=_("The hazard that stays"))
    note = forms.CharField(label=_("Why they are the same"), max_length=300)

    def __init__(self, candidates, data=None):
        super().__init__(data)
        self.fields["into"].queryset = candidates


class ProtectForm(forms.Form):
    closed = forms.CharField(
        label=_("What is closed or fenced off"), max_length=200, help_text=_("If nothing: write why not.")
    )
    watch = forms.CharField(label=_("Who watches, and how to reach them"), max_length=100)
    photos = PhotosField(label=_("Photos"), required=False)


class SubmitForm(forms.Form):
    measure = forms.CharField(label=_("What was done"), widget=forms.Textarea)
    responsible = forms.CharField(label=_("Responsible person"), max_length=60, required=False)
    cost = forms.DecimalField(
        label=_("Money spent (yuan)"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    photos = PhotosField(label=_("Photos of after"), required=False)


class VerifyForm(forms.Form):
    mode = forms.ChoiceField(label=_("How it was verified"), choices=Verification.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Finding"), widget=forms.Textarea, required=False)
    photos = PhotosField(label=_("Photos"), required=False)


class CloseForm(forms.Form):
    closure = forms.ChoiceField(
        label=_("How it was closed"), choices=[(c.value, c.label) for c in WRITE_OFF_CLOSURES],
        initial=Closure.RECTIFIED, widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(label=_("Words"), widget=forms.Textarea, required=False)


class ReopenForm(forms.Form):
    note = forms.CharField(label=_("Reason"), widget=forms.Textarea)
    due_on = forms.DateField(label=_("New deadline"), required=False, widget=DateInput)


class AskExtensionForm(forms.Form):
    due_on = forms.DateField(label=_("New deadline asked for"), widget=DateInput)
    reason = forms.CharField(label=_("Reason, and how it is kept safe until then"), widget=forms.Textarea)


class DecideExtensionForm(forms.Form):
    is_granted = forms.TypedChoiceField(
        label=_("Decision"), choices=[("1", _("Granted")), ("0", _("Refused"))],
        coerce=lambda value: value == "1", widget=forms.RadioSelect,
    )  # fmt: skip
    new_due_on = forms.DateField(
        label=_("New deadline"), required=False, widget=DateInput, help_text=_("Empty: as asked for.")
    )
    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea)


class PlanForm(forms.ModelForm):
    """The plan's fields, with its version against overwriting each other, and one proof per slot."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = RectificationPlan
        fields = [
            "responsible_person", "responsible_post", "deadline", "measures", "funds_planned",
            "funds_allocated", "funds_spent", "funds_source", "contingency", "guard_person", "guard_phone",
            "goal", "organisation_text",
        ]  # fmt: skip
        widgets = {"deadline": DateInput}

    def __init__(self, *args, variant, **kwargs):
        super().__init__(*args, **kwargs)
        if variant == "five":
            del self.fields["goal"], self.fields["organisation_text"]

    def clean(self):
        planned, allocated = self.cleaned_data.get("funds_planned"), self.cleaned_data.get("funds_allocated")
        if planned is not None and planned < 0:
            self.add_error("funds_planned", _("Money cannot be negative."))
        if allocated is not None and allocated < 0:
            self.add_error("funds_allocated", _("Money cannot be negative."))


class ProofForm(forms.Form):
    """One document or photos that prove a slot of the plan."""

    slot = forms.ChoiceField(label=_("Proof of"), choices=Slot.choices)
    photos = PhotosField(label=_("Photos"), required=False)
    document = DocumentField(label=_("PDF or Office file"), required=False)

    def clean(self):
        if not self.cleaned_data.get("photos") and not self.cleaned_data.get("document"):
            raise forms.ValidationError(_("Choose a photo or a file."))


class LegalBasisForm(forms.ModelForm):
    class Meta:
        model = LegalBasis
        fields = [
            "code", "document", "document_number", "article", "text", "categories", "effective_from",
            "effective_to", "is_verified",
        ]  # fmt: skip
        widgets = {
            "effective_from": DateInput, "effective_to": DateInput, "categories": forms.CheckboxSelectMultiple,
        }  # fmt: skip

