"""Forms of the acts on a hazard. They only check; services act. Cleaned data are a service's arguments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.fields import DocumentField, PhotosField
from schoolsafety.core.files import check_document, check_photo
from schoolsafety.core.forms import DateInput

from .models import Category, Hazard, LegalBasis, RectificationPlan
from .services.bulk import MOST
from .workflow import SLOT_FIELDS, SLOTS, WRITE_OFF_CLOSURES, Closure, Grade, Slot, Verification

GRADES = [(Grade.GENERAL, _("General: fix at once")), (Grade.MAJOR, _("Suspected major"))]
MONEY = ["funds_planned", "funds_allocated", "funds_spent"]
# Fields of a slot beside those that make it count as implemented.
MORE_FIELDS = {Slot.FUNDS: ["funds_allocated", "funds_spent"], Slot.CONTINGENCY: ["guard_phone"]}


class Words(forms.Textarea):
    """A small text area: words, not an essay."""

    def __init__(self):
        super().__init__({"rows": 3})


class PapersField(DocumentField):
    """A list with the one document that was chosen, or an empty one."""

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return [upload] if upload else []


class ProofField(forms.FileField):
    """A list with one photo or one document, judged by its content; or an empty one."""

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if not upload:
            return []
        is_document = upload.read(4) in {b"%PDF", b"PK\x03\x04"}
        upload.seek(0)
        check_document(upload) if is_document else check_photo(upload)
        return [upload]


class SchoolField(forms.CharField):
    """A school by name or code, among those that a person sees: no list of thousands to scroll."""

    def __init__(self, schools, **kwargs):
        super().__init__(max_length=200, **kwargs)
        self.schools = schools

    def clean(self, value):
        words = super().clean(value)
        same = self.schools.filter(code=words) | self.schools.filter(name=words)
        same |= self.schools.filter(short_name=words)
        found = list(same[:2]) or list(self.schools.filter(name__icontains=words)[:6])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("There is no such school. Write its name or code."))
        names = "、".join(school.name for school in found[:5])
        raise forms.ValidationError(_("Which one? %(names)s"), params={"names": names})


class SnapForm(forms.Form):
    """Snap report (随手拍): one screen; with photos of before and after it is fixed on the spot."""

    photos = PhotosField(
        label=_("Photo of what is wrong"), help_text=_("Show the place, not the faces of pupils.")
    )
    title = forms.CharField(label=_("What is wrong"), max_length=200)
    place = forms.CharField(
        label=_("Where"), max_length=120, widget=forms.TextInput(attrs={"list": "places"})
    )
    category = forms.ModelChoiceField(
        Category.objects.filter(is_active=True), label=_("Category"), empty_label=_("Choose")
    )
    proposed_grade = forms.ChoiceField(
        label=_("How bad"), choices=GRADES, initial=Grade.GENERAL, widget=forms.RadioSelect
    )
    after_photos = PhotosField(
        label=_("Photo of after, if fixed on the spot"), required=False,
        help_text=_("With it the report is also the rectification."),
    )  # fmt: skip
    measure = forms.CharField(
        label=_("What was done"), max_length=300, required=False,
        help_text=_("Only if it was fixed on the spot."),
    )  # fmt: skip
    description = forms.CharField(label=_("Details"), required=False, widget=Words)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self):
        lacks = self.cleaned_data.get("measure") and not self.cleaned_data.get("after_photos")
        if lacks and "after_photos" not in self.errors:
            self.add_error("after_photos", _("Fixed on the spot: add the photo of after."))


class SchoolSnapForm(SnapForm):
    """For a bureau, which sees many schools: where it was, and who found it. It never fixes on the spot."""

    after_photos = measure = None  # type: ignore[assignment]
    partner = forms.CharField(
        label=_("Found by which agency, if not the bureau"), max_length=100, required=False
    )
    field_order = ["school"]

    def __init__(self, schools, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"school": SchoolField(schools, label=_("School name or code")), **self.fields}


class SignForm(forms.Form):
    """Nothing to fill in: the button is the signature."""


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Reason"), widget=Words)


class OptionalNoteForm(forms.Form):
    note = forms.CharField(label=_("Remark"), widget=Words, required=False)


class CommentForm(forms.Form):
    note = forms.CharField(label=_("Note"), widget=Words)
    photos = PhotosField(label=_("Photos"), required=False)


class GradeForm(forms.Form):
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.TextInput({"autofocus": "", "data-reasons": ""})
    )
    due_on = forms.DateField(
        label=_("Deadline"), required=False, widget=DateInput,
        help_text=_("Empty: from the bureau's settings, in workdays."),
    )  # fmt: skip


class TransferForm(forms.Form):
    to = forms.CharField(label=_("To which authority"), max_length=100)
    note = forms.CharField(label=_("Reason"), widget=Words)


class MergeForm(forms.Form):
    """Choose among the suggested hazards or write a number; cleaned data: into (a Hazard), note."""

    suggested = forms.ChoiceField(label=_("The hazard that stays"), required=False, widget=forms.RadioSelect)
    number = forms.CharField(label=_("Or its number"), max_length=40, required=False)
    note = forms.CharField(label=_("Why they are the same"), max_length=300)

    def __init__(self, candidates, suggestions, *args, **kwargs):
        """`candidates`: the open hazards of the school that the person sees; `suggestions`: a few of them."""
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        self.fields["suggested"].choices = [
            (hazard.number, f"{hazard.number} {hazard.place} {hazard.title}") for hazard in suggestions
        ]
        if not suggestions:
            del self.fields["suggested"]
            self.fields["number"].label = _("Number of the hazard that stays")

    def clean(self):
        number = (self.cleaned_data.get("number") or self.cleaned_data.get("suggested") or "").strip()
        into = self.candidates.filter(number=number).first()
        if into is None and "suggested" not in self.errors:
            self.add_error("number", _("Choose another open hazard of this school."))
        return {"into": into, "note": self.cleaned_data.get("note")}


class ProtectForm(forms.Form):
    closed = forms.CharField(
        label=_("What is closed or fenced off"), max_length=200, help_text=_("If nothing: write why not.")
    )
    watch = forms.CharField(label=_("Who watches, and how to reach them"), max_length=100)
    photos = PhotosField(label=_("Photos"), required=False)


class SubmitForm(forms.Form):
    measure = forms.CharField(label=_("What was done"), widget=Words)
    photos = PhotosField(label=_("Photos of after"), required=False)
    papers = PapersField(
        label=_("PDF or Office file"), required=False,
        help_text=_("Instead of a photo, where a photo shows nothing: a contract, a register."),
    )  # fmt: skip
    responsible = forms.CharField(label=_("Responsible person"), max_length=60, required=False)
    cost = forms.DecimalField(
        label=_("Money spent (yuan)"), min_value=0, max_digits=12, decimal_places=2, required=False
    )


class VerifyForm(forms.Form):
    mode = forms.ChoiceField(
        label=_("How it was verified"), choices=Verification.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("What was seen"), widget=Words, required=False)
    photos = PhotosField(label=_("Photos"), required=False)


class CloseForm(forms.Form):
    closure = forms.ChoiceField(
        label=_("How it was closed"), choices=[(c.value, c.label) for c in WRITE_OFF_CLOSURES],
        initial=Closure.RECTIFIED, widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(label=_("Remark"), widget=Words, required=False)


class ReopenForm(forms.Form):
    note = forms.CharField(label=_("Reason"), widget=Words)
    due_on = forms.DateField(label=_("New deadline"), required=False, widget=DateInput)


class AskExtensionForm(forms.Form):
    due_on = forms.DateField(label=_("New deadline asked for"), widget=DateInput)
    reason = forms.CharField(label=_("Reason, and how it is kept safe until then"), widget=Words)


class DecideExtensionForm(forms.Form):
    is_granted = forms.TypedChoiceField(
        label=_("Decision"), choices=[("1", _("Granted")), ("0", _("Refused"))],
        coerce=lambda value: value == "1", widget=forms.RadioSelect,
    )  # fmt: skip
    new_due_on = forms.DateField(
        label=_("New deadline"), required=False, widget=DateInput, help_text=_("Empty: as asked for.")
    )
    answer = forms.CharField(
        label=_("Answer"), widget=Words, required=False, help_text=_("Needed when it is refused.")
    )


class PlanForm(forms.ModelForm):
    """The plan's fields slot by slot, one proof a slot, and its version against overwriting each other."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = RectificationPlan
        fields = [
            "responsible_person", "responsible_post", "deadline", "measures", "funds_planned",
            "funds_allocated", "funds_spent", "funds_source", "contingency", "guard_person", "guard_phone",
            "goal", "organisation_text",
        ]  # fmt: skip
        widgets = {
            "deadline": DateInput, "measures": Words, "contingency": Words, "goal": Words,
            "organisation_text": Words,
        }  # fmt: skip

    def __init__(self, *args, variant, **kwargs):
        super().__init__(*args, **kwargs)
        self.slots = SLOTS[variant]
        wanted = {name for slot in self.slots for name in self.names_of(slot)}
        for name in set(self._meta.fields) - wanted:
            del self.fields[name]
        for slot in self.slots:
            self.fields[f"proof_{slot}"] = ProofField(label=_("Add a proof (photo or file)"), required=False)

    @staticmethod
    def names_of(slot):
        """The fields of a slot, without the signature, which is no field."""
        names = [name for name in SLOT_FIELDS[slot] if not name.endswith("_at")]
        return names + MORE_FIELDS.get(slot, [])

    def clean(self):
        for name in MONEY:
            if (self.cleaned_data.get(name) or 0) < 0:
                self.add_error(name, _("Money cannot be negative."))

    def save_arguments(self):
        """The keyword arguments of services.save_plan."""
        values = {name: self.cleaned_data[name] for name in self._meta.fields if name in self.fields}
        proofs = {slot.value: self.cleaned_data[f"proof_{slot}"] for slot in self.slots}
        return {"values": values, "version": self.cleaned_data["version"], "proofs": proofs}


class LegalBasisForm(forms.ModelForm):
    class Meta:
        model = LegalBasis
        fields = [
            "code", "document", "document_number", "article", "text", "categories", "effective_from",
            "effective_to", "is_verified",
        ]  # fmt: skip
        labels = {"categories": _("Categories")}
        widgets = {
            "text": Words, "effective_from": DateInput, "effective_to": DateInput,
            "categories": forms.CheckboxSelectMultiple,
        }  # fmt: skip

    def clean(self):
        start, end = self.cleaned_data.get("effective_from"), self.cleaned_data.get("effective_to")
        if start and end and end < start:
            self.add_error("effective_to", _("It cannot end before it begins."))


class BulkForm(forms.Form):
    """The selected rows of a list and what to do with them."""

    DOES = [("chase", _("Chase the school")), ("close", _("Write off")), ("notice", _("Issue a notice"))]
    does = forms.ChoiceField(choices=DOES)
    hazard = forms.ModelMultipleChoiceField(
        Hazard.objects.none(), to_field_name="number",
        error_messages={"required": _("Choose at least one hazard.")},
    )  # fmt: skip

    def __init__(self, hazards, data):
        super().__init__(data)
        self.fields["hazard"].queryset = hazards

    def clean_hazard(self):
        chosen = self.cleaned_data["hazard"]
        if len(chosen) > MOST:
            raise forms.ValidationError(_("At most %(n)d hazards at one press."), params={"n": MOST})
        return chosen

    def seen(self):
        """{number: version} of the rows as they stood on the page that was sent."""
        pairs = (each.partition("=") for each in self.data.getlist("seen")[:MOST])
        return {number: version[:40] for number, _sign, version in pairs}
