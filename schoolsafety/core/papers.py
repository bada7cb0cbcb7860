"""Issues papers: freezes their data, renders once, keeps the digest; re-rendering gives the same bytes."""

import hashlib
import uuid

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from .files import write
from .models import Paper
from .pdf.rendering import render_pdf


def issue_paper(
    subject, *, kind, organisation, title, template, data, now, actor=None, number=None, addressee=None
):
    """Freeze `data`, render the PDF and keep both; returns the Paper. Call inside the issuing transaction.

    `data` is plain JSON and all that the template gets. The file is written before the row commits,
    so a committed paper always has its bytes; a rolled back one leaves an unreferenced file.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("issue_paper() belongs inside the transaction that issues it.")
    identifier = uuid.uuid4().hex
    content = render_pdf(template, data, identifier=identifier)
    return Paper.objects.create(
        kind=kind, organisation=organisation, addressee=addressee, title=title, number=number,
        subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk,
        template=template, data=data, identifier=identifier, sha256=hashlib.sha256(content).hexdigest(),
        size=len(content), file=write(f"papers/{now:%Y/%m}/{identifier}.pdf", content),
        issued_at=now, issued_by=actor,
    )  # fmt: skip


def render_again(paper):
    """The paper's bytes from its frozen data; raises ValueError if they differ from the issued ones."""
    content = render_pdf(paper.template, paper.data, identifier=paper.identifier)
    if hashlib.sha256(content).hexdigest() != paper.sha256:
        raise ValueError(f"{paper} does not render to the bytes that were issued.")
    return content


def papers_of(subject):
    """The papers issued about one subject, oldest first."""
    kind = ContentType.objects.get_for_model(subject)
    return Paper.objects.filter(subject_type=kind, subject_id=subject.pk).order_by("issued_at", "pk")
