"""Printed labels of patrol points: a QR code that opens the point, and four digits to type."""

import segno
from django.conf import settings
from django.urls import reverse

from schoolsafety.core.pdf.rendering import render_pdf

PER_PAGE = 8


def sheet(school, points):
    """PDF bytes of the A4 sheet of labels for `points`, eight a page."""
    labels = [
        {
            "school": school.name,
            "zone": point.zone.name,
            "name": point.name,
            "code": point.code,
            "qr": qr_svg(f"{settings.PUBLIC_URL}{reverse('field:point', args=[point.token])}"),
        }
        for point in points
    ]
    pages = [labels[start : start + PER_PAGE] for start in range(0, len(labels), PER_PAGE)] or [[]]
    data = {"title": f"{school.name}巡查点位标签", "author": school.name, "pages": pages}
    return render_pdf("papers/labels.html", data, identifier=f"labels-{school.code}")


def qr_svg(address):
    """The address as inline SVG, error correction H: still readable when scratched."""
    return segno.make(address, error="h").svg_inline(scale=4, border=2, omitsize=True)
