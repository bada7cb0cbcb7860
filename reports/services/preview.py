"""PDFs for reading: the stored bytes of an issued paper, or a draft that says so and is not kept."""

from django.conf import settings

from schoolsafety.core.pdf.rendering import render_pdf

from ..papers.bulletin import bulletin_paper
from ..papers.weekly import weekly_paper


def bulletin_pdf(bulletin):
    """The bytes of an issued bulletin, or of the draft as it stands."""
    if bulletin.paper:
        return (settings.MEDIA_ROOT / bulletin.paper.file).read_bytes()
    return render_pdf(
        "papers/official.html", bulletin_paper(bulletin), identifier=f"bulletin-{bulletin.pk}-draft"
    )


def weekly_pdf(report):
    """The bytes of a weekly report's draft; a signed one has its paper (`weekly.paper_of`)."""
    return render_pdf(
        "papers/form.html", weekly_paper(report, is_draft=True), identifier=f"weekly-{report.pk}-draft"
    )
