"""Judgements by versioned criteria, the first ten criteria, and the sheets of close-outs."""

import csv
from datetime import date
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DATA = Path(__file__).resolve().parent.parent / "data" / "major_criteria.csv"
SOURCE = "教育系统重大事故隐患判定指南（教发厅函〔2024〕20号）第三条（一）"


def load(apps, schema_editor):
    """The direct criteria of fire safety, condensed out of reprints: they wait for someone to check them."""
    MajorCriterion = apps.get_model("supervision", "MajorCriterion")
    with DATA.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            MajorCriterion.objects.create(
                area="fire", mode="direct", source=SOURCE, effective_from=date(2024, 6, 24), **row
            )


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_write_ahead_log"),
        ("hazards", "0003_legal_bases"),
        ("inspections", "0006_patrol_phone_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Judgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("judged_at", models.DateTimeField()),
                ("criteria_on", models.DateField()),
                ("answers", models.JSONField(default=list)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("major", "The criteria of a major hazard are met"),
                            ("not_major", "No criterion is met"),
                            ("unclear", "It cannot be told: a fact is missing"),
                            ("not_walked", "Graded without going through the criteria"),
                        ],
                        default="not_walked",
                        max_length=12,
                    ),
                ),
                ("was_major", models.BooleanField()),
                ("is_major", models.BooleanField()),
                ("reason", models.TextField(verbose_name="reason")),
                ("flags", models.JSONField(default=list)),
                ("is_late_downgrade", models.BooleanField(default=False)),
                ("due_before", models.DateField(null=True)),
                ("workdays_left", models.SmallIntegerField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("seen_note", models.CharField(blank=True, max_length=300)),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="hazards.hazard",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.organisation"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.organisation"
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-judged_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="MajorCriterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "area",
                    models.CharField(
                        choices=[
                            ("fire", "Fire safety of the campus"),
                            ("buildings", "Safety of the buildings"),
                            ("food", "Food safety"),
                            ("laboratory", "Laboratories and practice"),
                            ("traffic", "School buses and campus traffic"),
                            ("crowding", "Crowding and stampedes"),
                            ("equipment", "Special equipment"),
                            ("utilities", "Water, power, heat and gas"),
                        ],
                        max_length=12,
                        verbose_name="area",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("direct", "Direct"), ("combined", "Combined")],
                        max_length=10,
                        verbose_name="mode",
                    ),
                ),
                ("group", models.CharField(blank=True, max_length=30, verbose_name="group")),
                (
                    "at_least",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="at least so many"),
                ),
                ("item_no", models.CharField(max_length=20, verbose_name="item number")),
                ("text", models.TextField(verbose_name="wording")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("effective_from", models.DateField(verbose_name="in force from")),
                ("effective_to", models.DateField(blank=True, null=True, verbose_name="in force until")),
                (
                    "is_verified",
                    models.BooleanField(default=False, verbose_name="checked against the official text"),
                ),
            ],
            options={
                "ordering": ["area", "-mode", "group", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("area", "mode", "group", "item_no", "effective_from"),
                        name="criterion_version_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_to__isnull", True),
                            ("effective_to__gte", models.F("effective_from")),
                            _connector="OR",
                        ),
                        name="criterion_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("at_least__isnull", True), ("group", ""), ("mode", "direct")),
                            models.Q(
                                ("at_least__gte", 1),
                                ("mode", "combined"),
                                models.Q(("group", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="criterion_combined_says_how_many",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CloseOut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("turn", models.PositiveSmallIntegerField()),
                ("number", models.CharField(max_length=60, null=True, unique=True)),
                ("closed_on", models.DateField(verbose_name="written off on")),
                ("facts", models.JSONField()),
                ("photos", models.JSONField(default=list)),
                ("issued_at", models.DateTimeField()),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="close_outs",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.organisation"
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
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["-issued_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("hazard", "turn"), name="one_close_out_sheet_per_closure")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="judgement",
            index=models.Index(fields=["hazard", "-judged_at"], name="judgement_of_hazard"),
        ),
        migrations.AddIndex(
            model_name="judgement",
            index=models.Index(fields=["-judged_at", "-id"], name="judgement_newest"),
        ),
        migrations.AddIndex(
            model_name="judgement",
            index=models.Index(
                condition=models.Q(("is_late_downgrade", True), ("seen_at__isnull", True)),
                fields=["school"],
                name="judgement_to_look_over",
            ),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
