"""Hands out files and papers, each only to whoever sees what it belongs to."""

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from .. import files
from ..models import Attachment, Paper


def attachment(request, pk):
    """The file itself. Photos open in the browser, everything else is saved."""
    row = _visible(request, pk)
    return serve(row.file, row.name, row.content_type, inline=row.kind == Attachment.Kind.PHOTO)


def thumbnail(request, pk):
    """The small picture; the full one where there is none."""
    row = _visible(request, pk)
    if row.kind != Attachment.Kind.PHOTO:
        raise Http404
    return serve(row.thumbnail or row.file, row.name, "image/jpeg", inline=True)


def paper(request, pk):
    """An issued paper as it was issued."""
    row = get_object_or_404(Paper.objects.visible_to(request.user), pk=pk)
    return serve(row.file, f"{row.number or ''} {row.title}.pdf".strip(), "application/pdf", inline=True)


def _visible(request, pk):
    row = files.visible_attachment(request.user, pk)
    if row is None:
        raise Http404
    return row


def serve(name, label, content_type, *, inline):
    """The bytes, never taken for a page. A browser refuses to show a PDF inside a sandbox, so that one
    policy is left to papers, which this program wrote itself."""
    path = settings.MEDIA_ROOT / name
    if not path.is_file():
        raise Http404
    answer = FileResponse(
        path.open("rb"), content_type=content_type, filename=label, as_attachment=not inline
    )
    is_own_pdf = inline and content_type == "application/pdf"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = (
        "frame-ancestors 'none'" if is_own_pdf else "sandbox; default-src 'none'"
    )
    answer["Cache-Control"] = "no-store, private"
    return answer
