"""What a point's label says: reads the code in a photo, and finds the point that a text names."""

import io
import re
import warnings

import zxingcpp
from PIL import Image

from ..models import Point

LONGEST = 1600  # pixels; a label fills a good part of the picture, more only costs time
# What labels hold: /m/p/<token>, and /p/<token>/ on those printed earlier; or the token or digits alone.
LABEL = re.compile(r"(?:\S*/(?:m/)?p/)?([\w-]{4,22})/?\Z")
DIGITS = re.compile(r"[0-9]{4}\Z")


def read_photo(content):
    """The text of the QR code in a photo (JPEG bytes), or None if there is none that can be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["JPEG"]) as source:
                source.draft("L", (LONGEST, LONGEST))
                picture = source.convert("L")
    except Exception:  # on hostile bytes a decoder may raise anything
        return None
    picture.thumbnail((LONGEST, LONGEST))
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return next((each.text for each in found if each.text), None)


def point_named(text, user, schools):
    """The point in use that a label's text, token or four digits name, among what the person sees; or None.

    Digits mean something at one's own schools (`schools`) only: every school has its 1001.
    """
    named = LABEL.match(text.strip())
    if named is None:
        return None
    rows = Point.objects.visible_to(user).select_related("school", "zone")
    if DIGITS.match(named[1]):
        return rows.filter(school__in=schools, code=named[1], is_active=True).order_by("school__code").first()
    return rows.filter(token=named[1]).first()


def mark_of(point, schools):
    """What stands behind #p= for a person of these schools: with several the digits would not say which."""
    return point.code if len(schools) == 1 else point.token
