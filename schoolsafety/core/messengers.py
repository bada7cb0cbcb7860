"""Messengers behind one protocol: e-mail, WeCom, DingTalk, SMS by HTTP, a signed webhook."""

import base64
import hashlib
import hmac
import json
import re
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from .models import NotificationChoice
from .models.notification import Channel

TIMEOUT = 10
ADDRESS = re.compile(r"[\w:-]{8,200}")


@dataclass(frozen=True)
class Message:
    """One message to one address. `reference` names the delivery, so that a receiver can drop doubles."""

    address: str
    subject: str
    body: str
    reference: str


class Messenger(Protocol):
    """Sends one message or raises; it never retries by itself."""

    def send(self, message: Message) -> None: ...


class Email:
    """By the mail server of EMAIL_URL."""

    def send(self, message: Message) -> None:
        send_mail(message.subject, message.body, None, [message.address])


class WeCom:
    """A WeCom group robot; the address is the robot's webhook key (企业微信群机器人)."""

    def send(self, message: Message) -> None:
        base = settings.MESSENGERS.get("wecom_url", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send")
        text = {"msgtype": "text", "text": {"content": f"{message.subject}\n{message.body}"}}
        _refuse_error(_post(f"{base}?key={urllib.parse.quote(message.address)}", text))


class DingTalk:
    """A DingTalk robot with signature; the address is "access_token:secret" (钉钉自定义机器人)."""

    def send(self, message: Message) -> None:
        base = settings.MESSENGERS.get("dingtalk_url", "https://oapi.dingtalk.com/robot/send")
        token, _colon, secret = message.address.partition(":")
        stamp = str(round(time.time() * 1000))
        seal = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
        query = {"access_token": token, "timestamp": stamp, "sign": base64.b64encode(seal).decode()}
        text = {"msgtype": "text", "text": {"content": f"{message.subject}\n{message.body}"}}
        _refuse_error(_post(f"{base}?{urllib.parse.urlencode(query)}", text))


class Sms:
    """The office's own SMS gateway: one signed POST to MESSENGERS["sms_url"]."""

    def send(self, message: Message) -> None:
        _signed_post(
            settings.MESSENGERS["sms_url"],
            {"to": message.address, "text": message.subject, "reference": message.reference},
        )


class Webhook:
    """A signed POST to the address itself: header X-Signature is HMAC-SHA256 of "timestamp.body"."""

    def send(self, message: Message) -> None:
        body = {"subject": message.subject, "body": message.body, "reference": message.reference}
        _signed_post(message.address, body)


MESSENGERS: dict[str, Messenger] = {
    "email": Email(),
    "wecom": WeCom(),
    "dingtalk": DingTalk(),
    "sms": Sms(),
    "webhook": Webhook(),
}


def channels():
    """The channels that this installation has: SMS and webhooks only where an administrator set them up."""
    needs = {Channel.SMS: "sms_url", Channel.WEBHOOK: "webhook_hosts"}
    return [each for each in Channel if each not in needs or settings.MESSENGERS.get(needs[each])]


def choose(user, channel, *, pace, address):
    """Keep how `user` is told by `channel`; ValidationError for an address that cannot be used."""
    if channel not in {each.value for each in channels()} or pace not in NotificationChoice.Pace.values:
        raise ValidationError(_("Unknown choice."))
    address = address.strip()
    if pace != NotificationChoice.Pace.NEVER:
        _check_address(channel, address, user)
    NotificationChoice.objects.update_or_create(
        user=user, channel=channel, defaults={"pace": pace, "address": address[:200]}
    )


def _check_address(channel, address, user):
    if channel == Channel.EMAIL and (address or not user.email):
        validate_email(address)
    elif channel == Channel.WEBHOOK:
        parts = urllib.parse.urlsplit(address)
        if parts.scheme != "https" or parts.hostname not in settings.MESSENGERS["webhook_hosts"]:
            raise ValidationError(_("Webhooks may only go to the hosts that the office has named."))
    elif channel == Channel.SMS and not (address.isdecimal() and 7 <= len(address) <= 15):
        raise ValidationError(_("Write 7 to 15 digits."))
    elif channel in {Channel.WECOM, Channel.DINGTALK} and not ADDRESS.fullmatch(address):
        raise ValidationError(_("Write the robot's key as the platform shows it."))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A message goes where it was addressed or nowhere."""

    def redirect_request(self, *args, **kwargs):
        return None


OPENER = urllib.request.build_opener(_NoRedirect)


def _signed_post(url, payload):
    secret = settings.MESSENGERS.get("secret") or settings.SECRET_KEY
    raw, stamp = json.dumps(payload, ensure_ascii=False).encode(), str(int(time.time()))
    seal = hmac.new(secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    _post(url, raw, {"X-Timestamp": stamp, "X-Signature": seal})


def _post(url, payload, headers=None):
    """POST JSON; returns the decoded answer or {}. Only http and https: never a file."""
    if not url.startswith(("https://", "http://")):
        raise ValueError("A messenger's address must start with https://.")
    raw = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
    request = urllib.request.Request(  # noqa: S310 -- the scheme was checked above
        url, raw, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    )
    with OPENER.open(request, timeout=TIMEOUT) as answer:
        text = answer.read(10_000)
    try:
        return json.loads(text)
    except ValueError:
        return {}


def _refuse_error(answer):
    if answer.get("errcode", 0) != 0:
        raise RuntimeError(f"errcode {answer['errcode']}: {answer.get('errmsg', '')}")
