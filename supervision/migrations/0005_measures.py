"""Triggers, proposals, measures with their steps and appeals; the triggers of the known local practice."""

import csv
from datetime import date
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DATA = Path(__file__).resolve().parent.parent / "data" / "measure_triggers.csv"


def load(apps, schema_editor):
    """A bureau sets its own beside these; without a clause in the list of legal bases the text stands."""
    Trigger = apps.get_model("supervision", "MeasureTrigger")
    LegalBasis = apps.get_model("hazards", "LegalBasis")
    with DATA.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            basis = LegalBasis.objects.filter(code=row.pop("law")).first()
            Trigger.objects.get_or_create(
                organisation=None,
                code=row.pop("code"),
                in_force_from=date(2021, 9, 1),
                defaults={**row, "legal_basis": basis},
            )


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0004_look_backs"),
        ("core", "0003_write_ahead_log"),
        ("hazards", "0003_legal_bases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MeasureTrigger",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30)),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "look",
                    models.CharField(
                        choices=[
                            ("overdue", "Hazard past its deadline (workdays)"),
                            ("refused", "Receipt of a notice refused (workdays since)"),
                            ("no_plan", "Major hazard without a signed plan (workdays since grading)"),
                            ("unsigned", "Responsibility not signed for (workdays since grading)"),
                            (
                                "unprotected",
                                "Major hazard without interim protection (workdays since grading)",
                            ),
                            ("silent", "No patrol handed in (school days in a row)"),
                            ("step_late", "Commitment or report after a measure overdue (workdays)"),
                            (
                                "penalties",
                                "Penalties in 180 days, or one more in a year, with a major hazard open",
                            ),
                            ("funds", "Aggravating only: funds planned but not allocated"),
                        ],
                        max_length=12,
                        verbose_name="what it looks at",
                    ),
                ),
                ("threshold", models.PositiveSmallIntegerField(verbose_name="from how many on")),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("general", "General"), ("major", "Major")],
                        max_length=8,
                        verbose_name="only hazards of this grade",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("interview", "Interview"),
                            ("circular", "Internal circular of criticism"),
                            ("yellow_card", "Yellow card"),
                            ("stop", "Stop of use"),
                            ("accountability", "Accountability"),
                            ("discipline", "Disciplinary sanction"),
                            ("ban", "Ban from school management"),
                            ("penalty", "Administrative penalty"),
                            ("referral", "Referral to another authority"),
                        ],
                        max_length=16,
                        verbose_name="measure proposed",
                    ),
                ),
                ("basis_text", models.CharField(blank=True, max_length=200, verbose_name="other basis")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("in_force_from", models.DateField(verbose_name="in force from")),
                ("in_force_to", models.DateField(blank=True, null=True, verbose_name="in force until")),
                (
                    "legal_basis",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hazards.legalbasis",
                        verbose_name="legal basis",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["code", "in_force_from"],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("interview", "Interview"),
                            ("circular", "Internal circular of criticism"),
                            ("yellow_card", "Yellow card"),
                            ("stop", "Stop of use"),
                            ("accountability", "Accountability"),
                            ("discipline", "Disciplinary sanction"),
                            ("ban", "Ban from school management"),
                            ("penalty", "Administrative penalty"),
                            ("referral", "Referral to another authority"),
                        ],
                        max_length=16,
                    ),
                ),
                ("facts", models.JSONField()),
                ("basis", models.TextField(blank=True)),
                ("aggravating", models.JSONField(default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "To be decided"),
                            ("taken", "Taken up"),
                            ("dismissed", "Dismissed"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
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
                    "hazard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measure_proposals",
                        to="hazards.hazard",
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
                    "trigger",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supervision.measuretrigger",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=60, null=True, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("interview", "Interview"),
                            ("circular", "Internal circular of criticism"),
                            ("yellow_card", "Yellow card"),
                            ("stop", "Stop of use"),
                            ("accountability", "Accountability"),
                            ("discipline", "Disciplinary sanction"),
                            ("ban", "Ban from school management"),
                            ("penalty", "Administrative penalty"),
                            ("referral", "Referral to another authority"),
                        ],
                        max_length=16,
                        verbose_name="measure",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("ready", "Awaiting the leader's decision"),
                            ("noticed", "Prior notice given, to be heard"),
                            ("heard", "Heard, awaiting the leader's decision"),
                            ("issued", "In force"),
                            ("lifted", "Lifted"),
                            ("ended", "Ended"),
                            ("revoked", "Revoked on appeal"),
                            ("discarded", "Not imposed"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("basis", models.TextField(blank=True, verbose_name="legal basis")),
                ("facts", models.TextField(blank=True, verbose_name="facts")),
                ("reason", models.TextField(blank=True, verbose_name="why this measure")),
                ("aggravating", models.TextField(blank=True, verbose_name="aggravating circumstances")),
                ("demand", models.TextField(blank=True, verbose_name="what is demanded")),
                ("contact", models.CharField(blank=True, max_length=100, verbose_name="contact")),
                ("person_name", models.CharField(blank=True, max_length=60, verbose_name="person concerned")),
                (
                    "person_post",
                    models.CharField(blank=True, max_length=60, verbose_name="post of the person"),
                ),
                (
                    "fault",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("slow", "Slow progress"),
                            ("not_done", "Measures not put into practice"),
                            ("no_effect", "No visible effect"),
                            ("unaware", "Seriousness not seen"),
                            ("unclear", "Responsibility unclear"),
                            ("inexact", "Hazards not found exactly"),
                            ("ineffective", "Ineffective rectification"),
                        ],
                        max_length=12,
                        verbose_name="ground",
                    ),
                ),
                (
                    "sanction",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("criticism", "Criticism and instruction"),
                            ("self_review", "Written self-criticism"),
                            ("admonition", "Admonishing talk"),
                            ("moved", "Moved to another post"),
                            ("warning", "Warning"),
                            ("demerit", "Demerit"),
                            ("major_demerit", "Major demerit"),
                            ("demotion", "Demotion"),
                            ("removal", "Removal from post"),
                            ("dismissal", "Dismissal"),
                            ("public_criticism", "Public criticism (a penalty)"),
                            ("fine", "Fine"),
                            ("confiscation", "Confiscation of unlawful gains"),
                            ("licence", "Licence withdrawn"),
                            ("close", "Ask the government to close it"),
                            ("inspectorate", "Hand over to the discipline inspectorate"),
                            ("police", "Hand over to the police or prosecutor"),
                            ("competent", "Hand over to the competent authority"),
                        ],
                        max_length=16,
                        verbose_name="what is imposed",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="amount (yuan)"
                    ),
                ),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "authority",
                    models.CharField(blank=True, max_length=100, verbose_name="authority addressed"),
                ),
                ("copies", models.CharField(blank=True, max_length=200, verbose_name="copies to")),
                ("meet_at", models.DateTimeField(blank=True, null=True, verbose_name="day and time")),
                (
                    "meet_place",
                    models.CharField(blank=True, max_length=100, verbose_name="place of the interview"),
                ),
                ("host", models.CharField(blank=True, max_length=100, verbose_name="who conducts it")),
                ("bring", models.CharField(blank=True, max_length=200, verbose_name="what to bring")),
                (
                    "is_holding",
                    models.BooleanField(
                        default=True, verbose_name="the hazard stays open until this measure is over"
                    ),
                ),
                (
                    "release_note",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="why the hazard may be closed before"
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(editable=False, null=True)),
                ("noticed_at", models.DateTimeField(editable=False, null=True)),
                ("notice_number", models.CharField(editable=False, max_length=60, null=True, unique=True)),
                ("statement_due_on", models.DateField(null=True, verbose_name="statement by")),
                ("statement", models.TextField(blank=True, verbose_name="statement of the school")),
                (
                    "wants_hearing",
                    models.BooleanField(default=False, verbose_name="a formal hearing is asked for"),
                ),
                ("stated_at", models.DateTimeField(editable=False, null=True)),
                (
                    "hearing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("statement", "Statement in writing or recorded"),
                            ("hearing", "Formal hearing"),
                            ("none", "Nothing said by the day set"),
                        ],
                        max_length=10,
                        verbose_name="how it was heard",
                    ),
                ),
                (
                    "hearing_note",
                    models.TextField(blank=True, verbose_name="what was said and how it is judged"),
                ),
                ("heard_at", models.DateTimeField(editable=False, null=True)),
                ("issued_at", models.DateTimeField(editable=False, null=True)),
                ("over_at", models.DateTimeField(editable=False, null=True)),
                ("over_note", models.CharField(blank=True, max_length=300)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="hazards.hazard",
                    ),
                ),
                (
                    "heard_by",
                    models.ForeignKey(
                        null=True,
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
                    "notice_paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.paper",
                    ),
                ),
                (
                    "noticed_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="core.organisation",
                    ),
                ),
                (
                    "stated_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measure",
                        to="supervision.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("filed_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("upheld", "Upheld"), ("changed", "Changed"), ("revoked", "Revoked")],
                        max_length=8,
                        verbose_name="result",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="reasons of the decision")),
                ("changes", models.JSONField(default=dict)),
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
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="supervision.measure",
                    ),
                ),
            ],
            options={
                "ordering": ["-filed_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("measure",),
                        name="one_open_appeal_per_measure",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("hold", "Hold the interview and record it"),
                            ("commit", "Commitment, with the signed record"),
                            ("report", "Written report"),
                            ("carry_out", "See that it was carried out"),
                            ("publish", "Publish the decision"),
                            ("perform", "Carry out the penalty"),
                            ("answer", "Answer of the authority"),
                            ("unpublish", "Take back what was published"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "side",
                    models.CharField(choices=[("bureau", "Bureau"), ("school", "School")], max_length=6),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("done_at", models.DateTimeField(null=True)),
                ("done_on", models.DateField(null=True)),
                ("text", models.TextField(blank=True)),
                ("data", models.JSONField(default=dict)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="supervision.measure",
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
                "ordering": ["order"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["due_on"], name="measure_step_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("measure", "step"), name="step_once_per_measure")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="measuretrigger",
            constraint=models.UniqueConstraint(
                fields=("organisation", "code", "in_force_from"), name="trigger_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="measuretrigger",
            constraint=models.UniqueConstraint(
                condition=models.Q(("organisation", None)),
                fields=("code", "in_force_from"),
                name="built_in_trigger_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="measuretrigger",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("kind", ""), _negated=True), ("look", "funds"), _connector="OR"),
                name="trigger_proposes_unless_it_aggravates",
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["status", "school"], name="supervision_status_77fe07_idx"),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(fields=["school", "status"], name="supervision_school__09ad51_idx"),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                condition=models.Q(("kind", "ban")), fields=["kind", "person_name"], name="measure_bans"
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "stop"), _negated=True), name="measure_is_not_a_stop"
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["discarded", "draft", "heard", "noticed", "ready"]),
                    models.Q(
                        ("issued_at__isnull", False), ("number__isnull", False), ("paper__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="measure_in_force_has_its_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "penalty"), _negated=True),
                    ("issued_at__isnull", True),
                    models.Q(("heard_at__isnull", False), ("noticed_at__isnull", False)),
                    _connector="OR",
                ),
                name="penalty_is_heard_before_it_is_issued",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_holding", True),
                    models.Q(("release_note", ""), _negated=True),
                    ("hazard__isnull", True),
                    _connector="OR",
                ),
                name="measure_that_does_not_hold_says_why",
            ),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
