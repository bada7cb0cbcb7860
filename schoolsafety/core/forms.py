"""Forms of the kernel. They only check; services save."""

from datetime import datetime, time, timedelta

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.db.models import Q
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from .history import VERBS
from .models import CalendarDay, CalendarWindow, Organisation, Post, SchoolTerm, User
from .roles import Role

MOST_CHOICES = 40  # more organisations than this are named, not chosen from a list


class DateInput(forms.DateInput):
    """The browser's own date picker, in its format."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class SignInForm(AuthenticationForm):
    username = forms.CharField(
        label=_("Name or phone number"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    is_shared_phone = forms.BooleanField(
        label=_("This is a shared phone"), required=False,
        help_text=_(
            "For a phone that several people use: you are signed out when the browser closes or after 30 "
            "idle minutes, and what was uploaded is taken off the phone."
        ),
    )  # fmt: skip
    error_messages = {
        "invalid_login": _("The name or the password is wrong."),
        "inactive": _("This account is closed."),
    }


class WordsForm(forms.Form):
    """Choose a password; `ask_old` also asks the one in use."""

    old = forms.CharField(label=_("Password in use"), widget=forms.PasswordInput)
    new = forms.CharField(
        label=_("New password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("New password again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, user, data=None, *, ask_old=False):
        super().__init__(data)
        self.user = user
        if not ask_old:
            del self.fields["old"]
        self.fields["new"].help_text = " ".join(password_validation.password_validators_help_texts())

    def clean_old(self):
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError(_("This is not the password in use."))
        return self.cleaned_data["old"]

    def clean(self):
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new and again and new != again:
            self.add_error("again", _("The two passwords differ."))
        elif new:
            try:
                password_validation.validate_password(new, self.user)
            except forms.ValidationError as errors:
                self.add_error("new", errors)


class CodeForm(forms.Form):
    """The six digits of an authenticator."""

    code = forms.CharField(
        label=_("Six digits"),
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class LogFilter(forms.Form):
    """What narrows the log. All optional; what cannot be read is shown with its error and filters nothing."""

    organisation = forms.CharField(label=_("Organisation (name or code)"), required=False, max_length=60)
    verb = forms.ChoiceField(label=_("Act"), required=False)
    person = forms.CharField(label=_("Person"), required=False, max_length=60)
    day = forms.DateField(label=_("Day"), required=False, widget=DateInput)

    def __init__(self, data):
        super().__init__(data)
        self.fields["verb"].choices = [("", _("All")), *sorted(VERBS.items())]

    def apply(self, events):
        """The events that fit what was chosen."""
        self.is_valid()
        chosen = self.cleaned_data
        if words := chosen.get("organisation"):
            events = events.filter(Q(organisation__name__icontains=words) | Q(organisation__code=words))
        if chosen.get("verb"):
            events = events.filter(verb=chosen["verb"])
        if words := chosen.get("person"):
            events = events.filter(Q(actor__name__icontains=words) | Q(actor__username=words))
        if chosen.get("day"):
            start = make_aware(datetime.combine(chosen["day"], time()))
            events = events.filter(at__gte=start, at__lt=start + timedelta(days=1))
        return events

    def place(self, places):
        """The one organisation of `places` that is named by code or full name, or None."""
        words = self.cleaned_data.get("organisation")
        return places.filter(Q(code=words) | Q(name=words)).first() if words else None


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = [
            "code", "name", "short_name", "kind", "ownership", "is_directly_affiliated", "paper_code",
            "pupils", "staff", "has_boarding", "has_canteen", "has_bus", "has_laboratory", "has_lift",
            "has_pool", "has_catering", "has_lpg", "has_works", "has_danger", "address", "phone",
        ]  # fmt: skip


class MoveForm(forms.Form):
    parent = forms.ModelChoiceField(Organisation.objects.none(), label=_("New superior"))
    note = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, parents, data=None):
        super().__init__(data)
        self.fields["parent"].queryset = parents


class CloseForm(forms.Form):
    on = forms.DateField(label=_("Closed from"), widget=DateInput)
    note = forms.CharField(label=_("Reason"), max_length=300)


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "name", "phone", "email"]
        labels = {"username": _("Name for signing in"), "email": _("E-mail")}

    def clean_phone(self):
        return self.cleaned_data["phone"] or None


class PlaceField(forms.CharField):
    """An organisation by its code or full name: a list of thousands is no help."""

    def __init__(self, organisations, **options):
        super().__init__(max_length=200, **options)
        self.organisations = organisations

    def clean(self, value):
        words = super().clean(value)
        found = list(self.organisations.filter(Q(code=words) | Q(name=words))[:2]) if words else []
        if len(found) != 1:
            raise forms.ValidationError(
                _("There is no organisation with this code or full name among yours.")
            )
        return found[0]


class PostForm(forms.ModelForm):
    class Meta:
        model = Post
        fields = ["organisation", "role", "title", "starts_on", "ends_on"]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}
        labels = {"organisation": _("Organisation")}

    def __init__(self, organisations, data=None):
        super().__init__(data)
        if len(organisations[: MOST_CHOICES + 1]) > MOST_CHOICES:
            label = _("Organisation (code or full name)")
            self.fields["organisation"] = PlaceField(organisations, label=label)
        else:
            self.fields["organisation"].queryset = organisations
        self.fields["role"].choices = [("", "—"), *Role.choices]

    def clean(self):
        start, end = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("A post ends after it starts."))


class DayForm(forms.ModelForm):
    class Meta:
        model = CalendarDay
        fields = ["day", "kind", "name"]
        widgets = {"day": DateInput}


class TermForm(forms.ModelForm):
    class Meta:
        model = SchoolTerm
        fields = ["name", "starts_on", "ends_on"]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}

    def clean(self):
        start, end = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if start and end and end <= start:
            self.add_error("ends_on", _("A term ends after it starts."))


class WindowForm(forms.ModelForm):
    class Meta:
        model = CalendarWindow
        fields = ["kind", "name", "starts_on", "ends_on"]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}

    def clean(self):
        start, end = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The last day comes before the first."))


class WorkbookForm(forms.Form):
    workbook = forms.FileField(
        label=_("Workbook (.xlsx)"),
        help_text=_("Use the template; nothing is written before you accept the preview."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class ReasonForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=300)


class FirstAdministratorForm(WordsForm):
    """The city bureau and its first administrator, made by whoever holds the one-time link."""

    bureau = forms.CharField(label=_("Full name of the bureau"), max_length=200)
    code = forms.CharField(label=_("Code of the bureau"), max_length=32)
    username = forms.CharField(
        label=_("Name for signing in"), max_length=150, validators=[User.username_validator]
    )
    name = forms.CharField(label=_("Your name"), max_length=60)
    field_order = ["bureau", "code", "name", "username", "new", "again"]

    def __init__(self, data=None):
        super().__init__(User(), data)
        self.order_fields(self.field_order)

    def clean_username(self):
        self.user.username = self.cleaned_data["username"]
        return self.user.username

    def facts(self):
        """The keyword arguments of `first_run.create_first`."""
        chosen = self.cleaned_data
        return {name: chosen[name] for name in ("bureau", "code", "username", "name")} | {
            "password": chosen["new"]
        }
