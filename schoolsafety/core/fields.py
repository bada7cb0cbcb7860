"""Form fields of the kernel: several photos, one document."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

from .files import check_document, check_photo


class PhotosInput(forms.ClearableFileInput):
    """Two inputs of one name: the camera of a phone, and several pictures of the album or disk."""

    allow_multiple_selected = True
    use_fieldset = True
    template_name = "components/photo_input.html"

    def __init__(self, attrs=None):
        super().__init__({"accept": "image/*", "multiple": True, **(attrs or {})})

    def render(self, name, value, attrs=None, renderer=None):
        """Drawn with the site's own templates, whatever the renderer of the form."""
        return super().render(name, value, attrs, TemplatesSetting())


class PhotosField(forms.FileField):
    """A list of uploaded photos, each decoded once here so that a bad one is refused beside the field."""

    widget = PhotosInput

    def clean(self, data, initial=None):
        files = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if not files:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        if len(files) > settings.PHOTOS_PER_UPLOAD:
            raise ValidationError(_("At most %(n)d photos at once.") % {"n": settings.PHOTOS_PER_UPLOAD})
        for each in files:
            check_photo(each)
        return files


class DocumentField(forms.FileField):
    """One PDF or Office file, judged by its content."""

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if upload:
            check_document(upload)
        return upload
