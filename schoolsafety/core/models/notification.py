"""What people are told, and through which channels it went."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    SMS = "sms", _("SMS")
    WEBHOOK = "webhook", _("Webhook")


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user=user)

    def unread(self):
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One line told to one person. `needs_action` lights the red mark; news never does."""

    user = models.ForeignKey("core.User", models.CASCADE, related_name="notifications")
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=200, blank=True)
    needs_action = models.BooleanField(default=False)
    key = models.CharField(max_length=200, unique=True, null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user", "read_at", "-created_at"])]

    def __str__(self):
        return self.text


class NotificationChoice(models.Model):
    """How a person wants to be told: per channel at once, once a day, or never."""

    class Pace(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Once a day")
        NEVER = "never", _("Never")

    user = models.ForeignKey("core.User", models.CASCADE, related_name="notification_choices")
    channel = models.CharField(max_length=10, choices=Channel)
    pace = models.CharField(max_length=10, choices=Pace, default=Pace.DAILY)
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "channel"], name="one_choice_per_channel")]

    def __str__(self):
        return f"{self.user} {self.channel} {self.pace}"


class Delivery(models.Model):
    """One message to one address: the outbox of the messengers."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    notifications = models.ManyToManyField(Notification, related_name="deliveries")
    user = models.ForeignKey("core.User", models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    address = models.CharField(max_length=200)
    key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    send_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-send_after", "-pk"]
        indexes = [models.Index(fields=["state", "send_after"])]

    def __str__(self):
        return f"{self.channel} {self.address} {self.state}"
