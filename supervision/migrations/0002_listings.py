"""Makes room for listings: the listing, its stages, progress reports, requests for time and acceptances."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0001_judgements"),
        ("core", "0003_write_ahead_log"),
        ("hazards", "0003_legal_bases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=60, null=True, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[("district", "District listing"), ("city", "City listing")],
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("listed", "Under listed supervision"),
                            ("applied", "Awaiting acceptance"),
                            ("accepted", "Accepted, awaiting delisting"),
                            ("delisted", "Delisted"),
                            ("withdrawn", "Draft withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "responsible",
                    models.CharField(max_length=100, verbose_name="who answers for it at the school"),
                ),
                ("basis", models.TextField(verbose_name="basis of the listing")),
                ("situation", models.TextField(verbose_name="state and cause")),
                ("demands", models.TextField(verbose_name="what is demanded")),
                (
                    "plan_due_on",
                    models.DateField(blank=True, null=True, verbose_name="plan of rectification by"),
                ),
                ("controls", models.TextField(verbose_name="monitoring and emergency measures")),
                ("is_use_stopped", models.BooleanField(default=False, verbose_name="use is stopped")),
                ("due_on", models.DateField(verbose_name="end of the term")),
                ("first_due_on", models.DateField(editable=False, null=True)),
                (
                    "cycle",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Each workday"),
                            (7, "Every week"),
                            (14, "Every two weeks"),
                            (28, "Every four weeks"),
                        ],
                        default=7,
                        verbose_name="progress reports",
                    ),
                ),
                ("extension_how", models.TextField(verbose_name="how to ask for a longer term")),
                ("conditions", models.TextField(verbose_name="conditions of delisting")),
                ("publicity", models.CharField(max_length=200, verbose_name="how it is published")),
                ("contact", models.CharField(blank=True, max_length=100, verbose_name="contact")),
                ("created_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField(editable=False, null=True)),
                ("next_report_on", models.DateField(editable=False, null=True)),
                (
                    "public_what",
                    models.CharField(blank=True, max_length=200, verbose_name="for the public: what"),
                ),
                (
                    "public_where",
                    models.CharField(blank=True, max_length=120, verbose_name="for the public: where"),
                ),
                (
                    "public_advice",
                    models.CharField(blank=True, max_length=300, verbose_name="for the public: advice"),
                ),
                ("publish_due_on", models.DateField(editable=False, null=True)),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                ("delisting_number", models.CharField(editable=False, max_length=60, null=True, unique=True)),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rectified", "Rectified and accepted"),
                            ("transferred", "Handed to another authority"),
                            ("demolished", "The building or equipment is gone"),
                            ("regraded", "Not a major hazard after a new judgement"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="ground",
                    ),
                ),
                ("delisting_note", models.TextField(blank=True, verbose_name="remark")),
                ("delisted_at", models.DateTimeField(editable=False, null=True)),
                ("delisting_publish_due_on", models.DateField(editable=False, null=True)),
                ("delisting_published_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "delisted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "delisting_paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.paper",
                    ),
                ),
                (
                    "delisting_published_by",
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
                        related_name="listings",
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
                        related_name="listings_supervised",
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
                    "published_by",
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
                        related_name="listings",
                        to="core.organisation",
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="supervising person",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ListingAcceptance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("assessment", models.TextField(verbose_name="assessment of the rectification")),
                ("assessed_by", models.CharField(max_length=200, verbose_name="assessed by")),
                ("applied_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("held_at", models.DateTimeField(null=True)),
                ("people", models.CharField(blank=True, max_length=200, verbose_name="accepted by")),
                ("is_passed", models.BooleanField(null=True)),
                ("opinion", models.TextField(blank=True, verbose_name="opinion")),
                (
                    "applied_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="supervision.listing",
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
                "ordering": ["-applied_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ListingExtension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("safeguards", models.TextField(verbose_name="how it is kept safe until then")),
                ("old_due_on", models.DateField()),
                ("asked_due_on", models.DateField(verbose_name="asked for")),
                ("asked_at", models.DateTimeField()),
                ("notice_due_on", models.DateField()),
                ("is_late", models.BooleanField(default=False)),
                ("decide_due_on", models.DateField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("is_granted", models.BooleanField(null=True)),
                ("new_due_on", models.DateField(null=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "asked_by",
                    models.ForeignKey(
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
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="supervision.listing",
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
                "ordering": ["-asked_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ListingStage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=100, verbose_name="stage")),
                ("due_on", models.DateField(verbose_name="by")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="done on")),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stages",
                        to="supervision.listing",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="ProgressReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_on", models.DateField()),
                ("text", models.TextField(verbose_name="what was done since the last report")),
                (
                    "plan_ahead",
                    models.TextField(blank=True, verbose_name="what comes next, and what is in the way"),
                ),
                ("protection", models.TextField(verbose_name="how it is kept safe meanwhile")),
                (
                    "funds_spent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="money spent so far (yuan)",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("is_late", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("sent", "Not read yet"), ("read", "Read"), ("returned", "Returned")],
                        default="sent",
                        max_length=10,
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="supervision.listing",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["school", "status"], name="listing_school_state"),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["status", "next_report_on"], name="listing_report_due"),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["-published_at", "-id"], name="listing_published"),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["accepted", "applied", "draft", "listed"])),
                fields=("hazard",),
                name="one_current_listing_a_hazard",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["accepted", "applied", "listed", "delisted"]), _negated=True),
                    ("number__isnull", False),
                    _connector="OR",
                ),
                name="listing_runs_under_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "delisted"), _negated=True),
                    models.Q(
                        ("delisted_at__isnull", False),
                        ("delisting_number__isnull", False),
                        models.Q(("ground", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="listing_delisted_says_how_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="listingacceptance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("held_at__isnull", True)),
                fields=("listing",),
                name="one_open_acceptance_a_listing",
            ),
        ),
        migrations.AddConstraint(
            model_name="listingextension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at__isnull", True)),
                fields=("listing",),
                name="one_open_request_a_listing",
            ),
        ),
        migrations.AddConstraint(
            model_name="listingstage",
            constraint=models.UniqueConstraint(fields=("listing", "order"), name="one_stage_a_place"),
        ),
        migrations.AddIndex(
            model_name="progressreport",
            index=models.Index(fields=["state", "listing"], name="progress_to_read"),
        ),
        migrations.AddConstraint(
            model_name="progressreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("funds_spent__isnull", True), ("funds_spent__gte", 0), _connector="OR"),
                name="progress_money_is_not_negative",
            ),
        ),
    ]
