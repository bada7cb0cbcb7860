"""Look-backs at closed hazards, their rules, their lottery."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0003_stop_orders"),
        ("core", "0003_write_ahead_log"),
        ("hazards", "0003_legal_bases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Draw",
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
                            ("frozen", "Population frozen, not drawn yet"),
                            ("drawn", "Drawn"),
                            ("cancelled", "Given up before the draw"),
                        ],
                        default="frozen",
                        max_length=10,
                    ),
                ),
                ("closed_from", models.DateField(verbose_name="closed out from")),
                ("closed_to", models.DateField(verbose_name="closed out to")),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("general", "General"), ("major", "Major")],
                        max_length=8,
                        verbose_name="grade",
                    ),
                ),
                (
                    "size",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="how many to draw",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="look back by")),
                (
                    "seed_kind",
                    models.CharField(
                        choices=[
                            ("sealed", "Sealed here: its hash is published first, the seed when it is drawn"),
                            ("public", "From a public source that nobody here can foresee, named first"),
                        ],
                        max_length=8,
                        verbose_name="where the seed comes from",
                    ),
                ),
                ("seed", models.CharField(blank=True, max_length=200, verbose_name="seed")),
                ("seed_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("seed_origin", models.CharField(blank=True, max_length=200, verbose_name="public source")),
                ("formula", models.JSONField(editable=False)),
                ("population", models.TextField(editable=False)),
                ("population_hash", models.CharField(editable=False, max_length=64)),
                ("population_size", models.PositiveIntegerField(editable=False)),
                ("picks", models.JSONField(default=list, editable=False)),
                ("frozen_at", models.DateTimeField()),
                ("drawn_at", models.DateTimeField(editable=False, null=True)),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hazards.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "drawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "frozen_by",
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
                        related_name="look_back_draws",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-frozen_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="LookBackRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[("general", "General"), ("major", "Major")],
                        max_length=8,
                        verbose_name="grade",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(730),
                        ],
                        verbose_name="days after the close-out",
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="looked back at")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hazards.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="look_back_rules",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__path", "grade", "category"],
            },
        ),
        migrations.CreateModel(
            name="LookBack",
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
                            ("due", "To look back at"),
                            ("done", "Looked back at"),
                            ("cancelled", "Dropped"),
                        ],
                        default="due",
                        max_length=10,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("rule", "By the rule"),
                            ("lottery", "Drawn by lot"),
                            ("follow_up", "Again, after a partial result"),
                            ("hand", "Ordered by the bureau"),
                        ],
                        max_length=10,
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=0)),
                ("closed_on", models.DateField(editable=False)),
                ("due_on", models.DateField(verbose_name="look back by")),
                ("reminded_on", models.DateField(editable=False, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("held", "Held"), ("partial", "Partly held"), ("rebound", "Rebounded")],
                        max_length=8,
                        verbose_name="result",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="what the look-back saw")),
                ("looked_on", models.DateField(editable=False, null=True)),
                ("looked_at", models.DateTimeField(editable=False, null=True)),
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
                    "draw",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="look_backs",
                        to="supervision.draw",
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="look_backs",
                        to="hazards.hazard",
                    ),
                ),
                (
                    "looked_by",
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
                        related_name="look_backs_done",
                        to="core.organisation",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followers",
                        to="supervision.lookback",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="look_backs",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_to__gte", models.F("closed_from"))),
                name="draw_period_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "drawn"), _negated=True),
                    models.Q(("seed", ""), _negated=True),
                    _connector="OR",
                ),
                name="drawn_draw_has_its_seed",
            ),
        ),
        migrations.AddIndex(
            model_name="lookback",
            index=models.Index(fields=["status", "due_on"], name="supervision_status_828c64_idx"),
        ),
        migrations.AddIndex(
            model_name="lookback",
            index=models.Index(fields=["school", "status"], name="supervision_school__6b5640_idx"),
        ),
        migrations.AddIndex(
            model_name="lookback",
            index=models.Index(fields=["looked_on"], name="supervision_looked__5cc072_idx"),
        ),
        migrations.AddConstraint(
            model_name="lookback",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "due")), fields=("hazard",), name="one_due_look_back_per_hazard"
            ),
        ),
        migrations.AddConstraint(
            model_name="lookback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("looked_at__isnull", False),
                        ("looked_on__isnull", False),
                        ("status", "done"),
                        models.Q(("result", ""), _negated=True),
                    ),
                    models.Q(models.Q(("status", "done"), _negated=True), ("result", "")),
                    _connector="OR",
                ),
                name="look_back_done_says_what_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="lookbackrule",
            constraint=models.UniqueConstraint(
                fields=("organisation", "grade", "category"), name="one_look_back_rule_a_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="lookbackrule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("category__isnull", True)),
                fields=("organisation", "grade"),
                name="one_look_back_rule_a_grade",
            ),
        ),
    ]
