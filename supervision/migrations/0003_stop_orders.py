"""Orders to stop the use of a place, and applications to resume it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0002_listings"),
        ("core", "0003_write_ahead_log"),
        ("hazards", "0003_legal_bases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="StopOrder",
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
                            ("in_force", "In force"),
                            ("applied", "Use stopped, resumption applied for"),
                            ("reviewed", "Use stopped, reviewed on site"),
                            ("resumed", "Use resumed"),
                            ("withdrawn", "Order withdrawn"),
                            ("for_good", "Out of use for good"),
                            ("gone", "Pulled down"),
                            ("discarded", "Draft thrown away"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "extent",
                    models.CharField(
                        choices=[("partial", "A part of the school"), ("full", "The whole school")],
                        default="partial",
                        max_length=8,
                        verbose_name="how much is stopped",
                    ),
                ),
                ("place", models.CharField(max_length=200, verbose_name="what is stopped")),
                ("reason", models.TextField(verbose_name="why its use is stopped")),
                ("basis", models.TextField(verbose_name="legal basis")),
                ("demands", models.TextField(verbose_name="what the school must do")),
                ("appeal", models.TextField(blank=True, verbose_name="how to object")),
                ("contact", models.CharField(blank=True, max_length=100, verbose_name="contact")),
                ("starts_on", models.DateField(verbose_name="stopped from")),
                ("limit_on", models.DateField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField(editable=False, null=True)),
                ("received_at", models.DateTimeField(editable=False, null=True)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                (
                    "withdrawal_note",
                    models.CharField(blank=True, max_length=300, verbose_name="reason of the withdrawal"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stop_orders",
                        to="hazards.hazard",
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
                        related_name="stop_orders_issued",
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
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stop_orders",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Resumption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("plan", models.TextField(verbose_name="what the plan demanded")),
                ("done", models.TextField(verbose_name="what was done, item by item")),
                (
                    "assessor",
                    models.CharField(
                        choices=[
                            ("own", "Own technicians and experts"),
                            ("body", "Qualified safety assessment body"),
                        ],
                        max_length=6,
                        verbose_name="assessed by",
                    ),
                ),
                ("experts", models.TextField(blank=True, verbose_name="experts, with post")),
                ("body", models.CharField(blank=True, max_length=120, verbose_name="assessment body")),
                (
                    "certificate",
                    models.CharField(blank=True, max_length=60, verbose_name="number of its certificate"),
                ),
                ("assessed_on", models.DateField(verbose_name="day of the assessment")),
                ("conclusion", models.TextField(verbose_name="conclusion of the assessment")),
                ("applied_at", models.DateTimeField()),
                ("review_due_on", models.DateField(editable=False)),
                ("reviewed_on", models.DateField(null=True, verbose_name="reviewed on")),
                ("reviewers", models.CharField(blank=True, max_length=200, verbose_name="reviewers")),
                ("findings", models.TextField(blank=True, verbose_name="what was found on site")),
                ("is_proposed", models.BooleanField(null=True, verbose_name="proposal")),
                ("review_recorded_at", models.DateTimeField(editable=False, null=True)),
                ("is_granted", models.BooleanField(null=True, verbose_name="decision")),
                ("answer", models.TextField(blank=True, verbose_name="reason or conditions")),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
                ("number", models.CharField(editable=False, max_length=60, null=True, unique=True)),
                ("voided_at", models.DateTimeField(editable=False, null=True)),
                (
                    "applied_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "review_recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resumptions",
                        to="supervision.stoporder",
                    ),
                ),
            ],
            options={
                "ordering": ["-applied_at", "-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="stoporder",
            index=models.Index(fields=["school", "status"], name="supervision_school__cd7e1a_idx"),
        ),
        migrations.AddIndex(
            model_name="stoporder",
            index=models.Index(fields=["status", "limit_on"], name="supervision_status_471c79_idx"),
        ),
        migrations.AddConstraint(
            model_name="stoporder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["applied", "draft", "in_force", "reviewed"])),
                fields=("hazard",),
                name="one_live_stop_per_hazard",
            ),
        ),
        migrations.AddConstraint(
            model_name="stoporder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["applied", "for_good", "in_force", "reviewed"]), _negated=True),
                    models.Q(("limit_on__isnull", False), ("number__isnull", False)),
                    _connector="OR",
                ),
                name="stop_in_force_has_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="resumption",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at__isnull", True), ("voided_at__isnull", True)),
                fields=("order",),
                name="one_open_resumption_per_stop",
            ),
        ),
    ]
