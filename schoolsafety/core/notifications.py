"""Tells people: a row in the app at once, other channels from an outbox, never in the transaction."""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import jobs
from .messengers import MESSENGERS, Message
from .models import Delivery, Notification, NotificationChoice

DIGEST_HOUR = 7
MOST_TRIES = 5


def notify(users, verb, text, *, url, now, organisation=None, needs_action=False, key=None, at_once=""):
    """Tell each of `users` one line; returns how many were told. With a `key` nobody is told twice.

    What goes to other channels is decided by each person's choice: at once, in one digest a day, never.
    `at_once` names a channel whose digest does not wait this time.
    """
    told, users = 0, list(users)
    choices = defaultdict(list)
    wanted = NotificationChoice.objects.filter(user__in=users).exclude(pace=NotificationChoice.Pace.NEVER)
    for choice in wanted:
        choices[choice.user_id].append(choice)
    for user in users:
        own_key = f"{key}:{user.pk}" if key else None
        values = {
            "user": user, "organisation": organisation, "verb": verb, "text": str(text)[:300], "url": url,
            "needs_action": needs_action, "created_at": now,
        }  # fmt: skip
        if own_key is None:
            row, created = Notification.objects.create(**values), True
        else:
            row, created = Notification.objects.get_or_create(key=own_key, defaults=values)
        if created:
            told += 1
            _queue(row, user, choices[user.pk], now, at_once)
    if told:
        transaction.on_commit(lambda: _wake(now))
    return told


def settle(url):
    """What a line asked for is done: it no longer lights the red mark."""
    Notification.objects.filter(url=url, needs_action=True, read_at=None).update(needs_action=False)


def deliver(*, now):
    """Send what is due; returns (sent, failed). A delivery is claimed before it is sent."""
    sent = failed = 0
    due = Delivery.objects.filter(state=Delivery.State.WAITING, send_after__lte=now)
    for pk in list(due.values_list("pk", flat=True)[:500]):
        claimed = Delivery.objects.filter(pk=pk, state=Delivery.State.WAITING, send_after__lte=now).update(
            attempts=F("attempts") + 1, send_after=now + timedelta(minutes=10)
        )
        if claimed:
            is_sent = _send(Delivery.objects.select_related("user").get(pk=pk), now)
            sent, failed = sent + is_sent, failed + (not is_sent)
    return sent, failed


@jobs.handler("core.deliver", title=gettext_lazy("Send messages"))
def deliver_job(job):
    sent, failed = deliver(now=timezone.now())
    return {"sent": sent, "failed": failed}


def _every_ten_minutes(after, now):
    slot = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, send_after__lte=now).exists()
    return [(slot.isoformat(), {})] if waiting else []


jobs.periodic("core.deliver", _every_ten_minutes)


def _wake(now):
    """One job for all that is due; named by the newest of them, so that nothing newer waits for long."""
    newest = Delivery.objects.filter(state=Delivery.State.WAITING, send_after__lte=now).aggregate(Max("pk"))
    if newest["pk__max"]:
        jobs.enqueue("core.deliver", now=now, key=f"core.deliver:after:{newest['pk__max']}")


def reached_by(channel, users):
    """How many of `users` have an address for `channel` and want to be told there."""
    chosen = NotificationChoice.objects.filter(user__in=users, channel=channel).select_related("user")
    wanted = chosen.exclude(pace=NotificationChoice.Pace.NEVER)
    return sum(1 for choice in wanted if choice.address or (choice.user.email and channel == "email"))


def _queue(row, user, choices, now, at_once=""):
    """One delivery per channel that the person wants; a digest gathers the day's lines in one message."""
    for choice in choices:
        address = choice.address or (user.email if choice.channel == "email" else "")
        if not address:
            continue
        if choice.pace == NotificationChoice.Pace.AT_ONCE or choice.channel == at_once:
            key, after = f"{row.pk}:{choice.channel}", now
        else:
            after = _next_digest(now)
            key = f"digest:{user.pk}:{choice.channel}:{after:%Y%m%d}"
        delivery, _created = Delivery.objects.get_or_create(
            key=key,
            defaults={"user": user, "channel": choice.channel, "address": address, "send_after": after},
        )
        delivery.notifications.add(row)


def _next_digest(now):
    local = timezone.localtime(now)
    slot = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return slot if slot > local else slot + timedelta(days=1)


def _send(delivery, now):
    lines = list(delivery.notifications.order_by("created_at"))
    subject = lines[0].text if len(lines) == 1 else _("%(n)d notices") % {"n": len(lines)}
    body = "\n".join(f"{line.text}\n{settings.PUBLIC_URL}{line.url}" for line in lines)
    try:
        MESSENGERS[delivery.channel].send(Message(delivery.address, subject, body, str(delivery.pk)))
    except Exception as failure:
        final = delivery.attempts >= MOST_TRIES
        Delivery.objects.filter(pk=delivery.pk).update(
            error=f"{type(failure).__name__}: {failure}"[:300],
            state=Delivery.State.FAILED if final else Delivery.State.WAITING,
            send_after=now + timedelta(minutes=10 * 2**delivery.attempts),
        )
        return False
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.SENT, sent_at=now, error="")
    return True
