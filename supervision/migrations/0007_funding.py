"""Rectification that waits for money: needs and request papers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0006_surroundings"),
        ("hazards", "0004_awaits_funds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="FundingNeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Declared, to be acknowledged"),
                            ("waiting", "Waiting for funds"),
                            ("requested", "Money requested"),
                            ("funded", "Funded, to be rectified"),
                            ("refused", "No money granted"),
                            ("done", "Funded and done"),
                            ("returned", "Not acknowledged"),
                            ("lapsed", "No longer needed"),
                        ],
                        default="proposed",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "cost",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="money needed (yuan)"),
                ),
                ("reason", models.TextField(verbose_name="why the school cannot pay")),
                ("pupils", models.PositiveIntegerField(verbose_name="pupils exposed a day")),
                (
                    "likelihood",
                    models.CharField(
                        choices=[
                            ("10", "To be expected"),
                            ("6", "Quite possible"),
                            ("3", "Possible, but unusual"),
                            ("1", "Only by an unlikely chance"),
                            ("0.5", "Hardly conceivable"),
                        ],
                        max_length=4,
                        verbose_name="how likely",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("100", "Many deaths"),
                            ("40", "Several deaths"),
                            ("15", "One death"),
                            ("7", "Grave injury"),
                            ("3", "Injury"),
                            ("1", "First aid"),
                        ],
                        max_length=4,
                        verbose_name="how severe",
                    ),
                ),
                ("risk", models.DecimalField(decimal_places=2, editable=False, max_digits=8)),
                ("declared_at", models.DateTimeField(editable=False)),
                ("since", models.DateField(editable=False, null=True)),
                ("answer", models.TextField(blank=True, editable=False)),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        editable=False,
                        max_digits=12,
                        null=True,
                        verbose_name="amount (yuan)",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True, editable=False, max_length=100, verbose_name="source of the funds"
                    ),
                ),
                ("funded_on", models.DateField(editable=False, null=True, verbose_name="there since")),
                ("ended_on", models.DateField(editable=False, null=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funding_needs",
                        to="hazards.hazard",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funding_needs",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-declared_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FundingRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=60, null=True, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("issued", "Issued, money not there yet"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("addressee", models.CharField(max_length=100, verbose_name="addressee")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("body", models.TextField(verbose_name="words before the table")),
                ("contact", models.CharField(blank=True, max_length=100, verbose_name="contact")),
                ("total", models.DecimalField(decimal_places=2, editable=False, max_digits=14)),
                ("created_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funding_requests",
                        to="core.organisation",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.paper",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="RequestLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("cost", models.DecimalField(decimal_places=2, max_digits=12)),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="request_lines",
                        to="supervision.fundingneed",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="supervision.fundingrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.AddIndex(
            model_name="fundingneed",
            index=models.Index(fields=["status", "school"], name="funding_need_state"),
        ),
        migrations.AddConstraint(
            model_name="fundingneed",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["funded", "proposed", "requested", "waiting"])),
                fields=("hazard",),
                name="one_live_need_a_hazard",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingneed",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost__gt", 0)), name="need_costs_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingneed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "funded"), _negated=True), ("amount__gt", 0), _connector="OR"
                ),
                name="funded_need_says_how_much",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestline",
            constraint=models.UniqueConstraint(fields=("request", "need"), name="need_once_a_request"),
        ),
    ]
