"""What a phone sends, for tests: photos by their bytes, records built from the day's data."""

import hashlib
import json
import uuid
from datetime import timedelta
from io import BytesIO

from PIL import Image

from inspections.services import field_day

API = "/api/m"


def jpeg(color=(120, 90, 60), size=(64, 48)):
    """The bytes of a small photo."""
    stream = BytesIO()
    Image.new("RGB", size, color).save(stream, "JPEG")
    return stream.getvalue()


def stamp(moment):
    """A time as JavaScript writes it."""
    return moment.astimezone().isoformat()


class Phone:
    """One person's phone: sends by a test client as the field client does."""

    def __init__(self, client, user, school, now):
        self.client, self.user, self.school, self.now = client, user, school, now
        client.force_login(user)
        self.day = field_day.build(school, [school], user=user, now=now)

    def put(self, path, content, content_type, **headers):
        return self.client.put(f"{API}{path}", content, content_type=content_type, headers=headers)

    def send_photo(self, record, number=None, content=None, **headers):
        """PUT one photo; returns (its number, the answer)."""
        number, content = number or uuid.uuid4(), content or jpeg()
        sent = {
            "X-Content-SHA256": hashlib.sha256(content).hexdigest(), "X-Parent": str(record),
            "X-Owner": str(self.user.pk), "X-Taken": stamp(self.now),
        } | headers  # fmt: skip
        return number, self.put(f"/photos/{number}", content, "image/jpeg", **sent)

    def send(self, number, record, **headers):
        """PUT a record (a dict); returns the answer."""
        return self.put(f"/records/{number}", json.dumps(record), "application/json", **headers)

    def record(self, kind, **parts):
        """The frame that every kind of record has."""
        return {
            "kind": kind, "owner": self.user.pk, "school": self.school.pk, "app": 1, "offline": True,
            "device": str(uuid.uuid4()), "started": stamp(self.now - timedelta(minutes=20)),
            "finished": stamp(self.now - timedelta(minutes=2)), "skew": 0, **parts,
        }  # fmt: skip

    def walk(self, number, problems=0, **changes):
        """A finished walk of today: drawn items with a photo (sent already), `problems` findings."""
        today = self.day["days"][self.now.date().isoformat()]
        wrong = [pk for pk in today["items"] if pk not in today["photo"]][:problems]
        shown = {pk: [str(self.send_photo(number)[0])] for pk in today["photo"]}
        answers = {str(pk): "nf" if pk in shown else "pf" if pk in wrong else "nb" for pk in today["items"]}
        walk = {
            "template": self.day["template"]["pk"], "day": self.now.date().isoformat(),
            "items": today["items"], "answers": answers, "photos": shown, "checkins": [], "note": "",
        }  # fmt: skip
        findings = [self.finding(number, item=pk) for pk in wrong]
        return self.record("patrol", walk=walk | changes, findings=findings)

    def finding(self, number, **changes):
        """What is wrong, with a photo that is sent at once."""
        return {
            "uuid": str(uuid.uuid4()), "item": None, "category": None, "phrase": "灭火器压力不足", "note": "",
            "grade": "general", "place": "东楼二层", "point": None, "fixed": False,
            "photos": [str(self.send_photo(number)[0])], "after": [],
            "t": stamp(self.now - timedelta(minutes=10)),
        } | changes  # fmt: skip

    def snap(self, number, **changes):
        category = self.day["categories"][0]["code"]
        return self.record("snap", findings=[self.finding(number, category=category) | changes])
