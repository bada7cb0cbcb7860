"""The interface of the field client: JSON in and out, never a redirect, never a cached answer.

Two releases of the client are served: `field_payload.MIN_CLIENT` names the older one. The document of the
interface is made from these functions (docs/field-api.json; `manage.py field_api` writes it).
"""

import hashlib
import json
import re
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from ninja import NinjaAPI, Status
from ninja.decorators import decorate_view
from ninja.errors import ValidationError as Unreadable
from ninja.utils import check_csrf
from pydantic import ValidationError as PayloadFault

from hazards.workflow import NotAllowed
from schoolsafety.core.signin import is_shared_phone

from .. import walking
from ..field_faults import faults_of
from ..field_payload import (
    MIN_CLIENT,
    MOST_PHOTO_BYTES,
    MOST_RECORD_BYTES,
    Fault,
    PhotoOut,
    PointOut,
    Receipt,
    RecordIn,
    SessionOut,
    is_jpeg,
)
from ..services import codes, field_day, field_photos, field_records, points
from ..services.field_clock import moment_of
from ..services.field_errors import Conflict, Mangled, PhotosMissing

SHA256 = re.compile(r"[0-9a-f]{64}")
FAULTS = {401: Fault, 403: Fault, 409: Fault, 413: Fault, 422: Fault, 429: Fault}
# The bodies are read raw, because their fingerprint counts; so the document is told what they hold.
RECORD_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": RecordIn.model_json_schema()}},
    }
}
_HEADERS = ["X-Content-SHA256", "X-Parent", "X-Owner", "X-Taken"]
PHOTO_BODY = {
    "requestBody": {
        "required": True,
        "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
    },
    "parameters": [
        {"in": "header", "name": name, "required": name in _HEADERS[:2], "schema": {"type": "string"}}
        for name in _HEADERS
    ],
}
LABEL_BODY = {"requestBody": PHOTO_BODY["requestBody"]}

api = NinjaAPI(
    title="School Safety field client", version=str(MIN_CLIENT), urls_namespace="field-api",
    docs_url=None, openapi_url=None,
)  # fmt: skip


class Refusal(Exception):
    """An answer that is no success."""

    def __init__(self, status, code, message="", **more):
        super().__init__(message)
        self.status, self.body = status, {"code": code, "message": str(message), **more}


@api.exception_handler(Refusal)
def refused(request, refusal):
    answer = JsonResponse(refusal.body, status=refusal.status)
    if refusal.status == 429:
        answer["Retry-After"] = "60"
    return answer


@api.exception_handler(Unreadable)
def unreadable(request, fault):
    """An address that cannot be read is told as everything else is."""
    message, errors = _("This address cannot be read."), faults_of(fault.errors)
    return JsonResponse({"code": "invalid", "message": message, "errors": errors}, status=422)


@api.get("/session", response=SessionOut, auth=None)
def session(request, response: HttpResponse):
    """Who is signed in, the server's time and the token for the next writes; 200 when signed out too."""
    response["Cache-Control"] = "no-store"
    user = request.user if request.user.is_authenticated else None
    return {
        "user": str(user) if user else None, "uid": user.pk if user else None, "csrf": get_token(request),
        "now": timezone.now(), "min_client": MIN_CLIENT, "is_shared": bool(user) and is_shared_phone(request),
    }  # fmt: skip


@api.get("/bootstrap", response={200: dict, **FAULTS})
@decorate_view(gzip_page)
def bootstrap(request, school: int | None = None):
    """The day's data of one's own school (`school`: which one, for people of several)."""
    user = _person(request)
    schools = walking.own_schools(user)
    chosen = next((one for one in schools if school in (None, one.pk)), None)
    if chosen is None:
        raise Refusal(404, "no_school", _("You hold no post at a school."))
    points.set_up_school(chosen)  # its first phone: the default zones and points
    data = field_day.build(chosen, schools, user=user, now=timezone.now())
    tag = field_day.etag_of(data)
    if request.headers.get("If-None-Match", "").strip('"') == tag:
        return HttpResponse(status=304)
    return JsonResponse(data | {"etag": tag}, headers={"ETag": f'"{tag}"'})


@api.put(
    "/photos/{uuid}", response={200: PhotoOut, 201: PhotoOut, 415: Fault, **FAULTS}, openapi_extra=PHOTO_BODY
)
def photo(request, uuid: UUID):
    """One JPEG of a record still to come; headers X-Content-SHA256, X-Parent, X-Owner, X-Taken."""
    user = _writer(request)
    content = _jpeg(request)
    sha256 = request.headers.get("X-Content-SHA256", "")
    if not SHA256.fullmatch(sha256):
        raise Refusal(422, "sha", _("The photo came without its fingerprint."))
    try:
        _kept, is_new = field_photos.take_photo(
            uuid, content, record_uuid=_parent(request), sha256=sha256, actor=user, now=timezone.now(),
            school=next(iter(walking.own_schools(user)), None),
            taken=moment_of(request.headers.get("X-Taken")),
        )  # fmt: skip
    except (Conflict, Mangled, NotAllowed, ValidationError) as reason:
        raise _as_refusal(reason) from reason
    return Status(201 if is_new else 200, {"uuid": uuid, "sha256": sha256})


@api.put(
    "/records/{uuid}", response={200: Receipt, 201: Receipt, 426: Fault, **FAULTS}, openapi_extra=RECORD_BODY
)
def record(request, uuid: UUID):
    """One finished record; the answer is its receipt, the same one however often it is sent."""
    user = _writer(request)
    content = _body(request, MOST_RECORD_BYTES)
    try:
        payload = RecordIn.model_validate_json(content)
    except PayloadFault as fault:
        errors = faults_of(fault.errors())
        raise Refusal(422, "invalid", _("The record cannot be read."), errors=errors) from fault
    if payload.app < MIN_CLIENT:
        raise Refusal(426, "upgrade", _("Update this page first; nothing on the phone is lost."))
    try:
        receipt, is_new = field_records.take_record(
            uuid, payload, sha256=hashlib.sha256(content).hexdigest(), actor=user, now=timezone.now()
        )
    except (Conflict, PhotosMissing, NotAllowed, ValidationError) as reason:
        raise _as_refusal(reason) from reason
    return Status(201 if is_new else 200, receipt)


@api.get("/points/{code}", response={200: PointOut, **FAULTS, 404: Fault})
def point(request, code: str):
    """A point of one's own school by the token in its QR code or by its four digits."""
    return _point(code, _person(request))


@api.post("/scan", response={200: PointOut, 415: Fault, **FAULTS, 404: Fault}, openapi_extra=LABEL_BODY)
def scan(request):
    """The point whose label stands in a photo (JPEG), for browsers that read no codes themselves."""
    user = _writer(request)
    text = codes.read_photo(_jpeg(request))
    if text is None:
        raise Refusal(422, "no_code", _("No code can be read in this photo. Go nearer, or type the digits."))
    return _point(text, user)


def _point(text, user):
    schools = walking.own_schools(user)
    found = codes.point_named(text, user, schools)
    if found is None or not found.is_active or found.school not in schools:
        raise Refusal(
            404, "no_point", _("There is no point with the number %(code)s here.") % {"code": text[-8:]}
        )
    return {
        "code": found.code, "token": found.token, "name": found.name, "zone": found.zone.kind,
        "school": found.school_id,
    }  # fmt: skip


def _person(request):
    if not request.user.is_authenticated:
        raise Refusal(401, "sign_in", _("Sign in again; nothing on the phone is lost."))
    return request.user


def _writer(request):
    """The signed-in person of a write: the token fits, the record is theirs, and they are not too fast."""
    user = _person(request)
    if check_csrf(request):
        raise Refusal(403, "csrf", _("Sign in again; nothing on the phone is lost."))
    if request.headers.get("X-Owner", str(user.pk)) != str(user.pk):
        raise Refusal(409, "owner", _("This record was made by somebody else, who must sign in to send it."))
    key = f"field-puts:{user.pk}:{int(timezone.now().timestamp()) // 60}"
    cache.add(key, 0, 120)
    if cache.incr(key) > settings.FIELD_PUTS_PER_MINUTE:
        raise Refusal(429, "too_fast", _("The server is busy; it goes on by itself in a minute."))
    return user


def _body(request, most):
    """The raw bytes, refused before they are read when they say that they are too many."""
    size = request.headers.get("Content-Length", "")
    if not size.isdecimal() or int(size) > most:
        raise Refusal(413, "too_large", _("The photo or record is too large."))
    return request.body


def _jpeg(request):
    """The bytes of one JPEG, however it is used."""
    content = _body(request, MOST_PHOTO_BYTES)
    if not is_jpeg(content):
        raise Refusal(415, "not_a_photo", _("This is not a photo that can be opened. Please take it again."))
    return content


def _parent(request):
    try:
        return UUID(request.headers.get("X-Parent", ""))
    except ValueError as strange:
        raise Refusal(422, "invalid", _("The photo names no record.")) from strange


def _as_refusal(reason):
    """The answer for what a service refused."""
    if isinstance(reason, Conflict):
        return Refusal(409, reason.code, reason)
    if isinstance(reason, PhotosMissing):
        missing = [str(uuid) for uuid in reason.missing]
        return Refusal(
            409, "photos", _("Photos of this record are missing; they are sent again."), missing=missing
        )
    if isinstance(reason, NotAllowed):
        return Refusal(403, "role", reason)
    code = "sha" if isinstance(reason, Mangled) else "invalid"
    errors = reason.message_dict if hasattr(reason, "error_dict") else {}
    texts = [text for rows in errors.values() for text in rows] or reason.messages
    return Refusal(422, code, " ".join(texts), errors=errors)


def document():
    """The OpenAPI document of this interface, as a dict."""
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/m/"), default=str))


urls = api.urls  # made anew at each asking, so it is asked once
for route in urls[0]:
    # LoginRequiredMiddleware would answer with a redirect to a page; each function above asks for itself.
    setattr(route.callback, "login_required", False)  # noqa: B010 -- a function's own attribute: Django's mark
