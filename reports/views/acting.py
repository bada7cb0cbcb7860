"""What the pages of weekly reports and bulletins share: showing a refusal, serving a PDF."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse

from hazards.workflow import NotAllowed


def add_errors(form, error):
    """Show a service's error beside the field that it names, else on top."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, str(error) if isinstance(error, NotAllowed) else error)


def sentences_of(error):
    """The error's sentences as one line, for a page without a form."""
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def serve_paper(paper):
    """The stored bytes of an issued paper; the caller has checked who may see it."""
    path = settings.MEDIA_ROOT / paper.file
    if not path.is_file():
        raise Http404
    name = f"{paper.number or ''} {paper.title}.pdf".strip()
    return _secured(FileResponse(path.open("rb"), content_type="application/pdf", filename=name))


def serve_draft(content, name):
    """A PDF that is not kept."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return _secured(answer)


def _secured(answer):
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private"
    return answer
