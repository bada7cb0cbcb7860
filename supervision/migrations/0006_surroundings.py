"""Hazards around schools, the letters about them, the joint meetings."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0005_measures"),
        ("hazards", "0003_legal_bases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="JointMeeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "status",
                    models.CharField(
                        choices=[("planned", "Planned"), ("held", "Held"), ("called_off", "Called off")],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("held_on", models.DateField(verbose_name="day")),
                ("venue", models.CharField(blank=True, max_length=120, verbose_name="venue")),
                (
                    "members",
                    models.TextField(help_text="One a line: agency, name, post.", verbose_name="members"),
                ),
                ("minutes", models.TextField(blank=True, verbose_name="minutes of the meeting")),
                ("created_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_meetings",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Surrounding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=40, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("net_cafe", "Internet café"),
                            ("games", "Games room"),
                            ("entertainment", "Place of entertainment or bar"),
                            ("publications", "Bookstall, audio or video shop"),
                            ("shop", "Small shop"),
                            ("tobacco", "Tobacco, alcohol or lottery"),
                            ("food_stall", "Mobile food stall"),
                            ("traffic", "Road signs and crossings"),
                            ("congestion", "Congestion when school ends"),
                            ("rides", "Pupils in vehicles not licensed for them"),
                            ("security", "Public security"),
                            ("quarry", "Quarry or blasting"),
                            ("works", "Building works and noise"),
                            ("dangerous_goods", "Dangerous goods, fuel station, power line"),
                            ("water", "Water, railway or main road"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="what is wrong")),
                ("place", models.CharField(max_length=120, verbose_name="place")),
                ("distance", models.PositiveIntegerField(verbose_name="distance from the school (metres)")),
                ("agency", models.CharField(max_length=100, verbose_name="agency that should lead")),
                ("description", models.TextField(blank=True, verbose_name="details")),
                (
                    "protection",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="what the school does meanwhile"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("recorded", "Recorded, no letter yet"),
                            ("sent", "Letter sent, awaiting the answer"),
                            ("answered", "Answered, being dealt with"),
                            ("solved", "Solved, to be looked at again"),
                            ("closed", "Looked at again, closed"),
                            ("dropped", "Taken out: not a hazard"),
                        ],
                        default="recorded",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("found_on", models.DateField(verbose_name="seen on")),
                ("reported_at", models.DateTimeField(editable=False)),
                ("solved_on", models.DateField(editable=False, null=True)),
                ("solved_note", models.TextField(blank=True, editable=False)),
                ("look_again_on", models.DateField(editable=False, null=True)),
                ("looked_on", models.DateField(editable=False, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("gone", "It is gone"), ("back", "It is back, or was never gone")],
                        editable=False,
                        max_length=5,
                    ),
                ),
                ("came_back_count", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "hazard",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surroundings",
                        to="hazards.hazard",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surroundings",
                        to="core.organisation",
                    ),
                ),
                (
                    "solved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-reported_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="MeetingPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("decision", models.TextField(blank=True, verbose_name="decision")),
                ("lead", models.CharField(blank=True, max_length=100, verbose_name="who leads")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="deadline")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="supervision.jointmeeting",
                    ),
                ),
                (
                    "surrounding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meeting_places",
                        to="supervision.surrounding",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="SurroundingLetter",
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
                            ("sent", "Sent, awaiting the answer"),
                            ("reminded", "Followed by a reminder"),
                            ("answered", "Answered"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("round", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("addressee", models.CharField(max_length=100, verbose_name="addressee")),
                ("copies", models.CharField(blank=True, max_length=200, verbose_name="copies to")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("body", models.TextField(verbose_name="words of the letter")),
                ("reply_due_on", models.DateField(verbose_name="reply by")),
                ("contact", models.CharField(blank=True, max_length=100, verbose_name="contact")),
                ("created_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField(editable=False, null=True)),
                ("replied_on", models.DateField(blank=True, null=True, verbose_name="date of the answer")),
                (
                    "reply_number",
                    models.CharField(blank=True, max_length=60, verbose_name="number of the answer"),
                ),
                ("reply", models.TextField(blank=True, verbose_name="what it says")),
                ("reply_recorded_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="supervision.surroundingletter",
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
                        related_name="surrounding_letters",
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
            name="LetterPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("promised_on", models.DateField(blank=True, null=True, verbose_name="promised by")),
                ("is_current", models.BooleanField(default=True)),
                (
                    "surrounding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter_places",
                        to="supervision.surrounding",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="supervision.surroundingletter",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.AddIndex(
            model_name="surrounding",
            index=models.Index(fields=["-reported_at", "-id"], name="surrounding_newest"),
        ),
        migrations.AddIndex(
            model_name="surrounding",
            index=models.Index(fields=["school", "status"], name="surrounding_school_state"),
        ),
        migrations.AddConstraint(
            model_name="surrounding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["answered", "recorded", "sent", "solved"])),
                fields=("hazard",),
                name="hazard_handed_over_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingplace",
            constraint=models.UniqueConstraint(
                fields=("meeting", "surrounding"), name="place_once_a_meeting"
            ),
        ),
        migrations.AddIndex(
            model_name="surroundingletter",
            index=models.Index(fields=["organisation", "status"], name="surrounding_letter_state"),
        ),
        migrations.AddConstraint(
            model_name="surroundingletter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "discarded"), _negated=True),
                fields=("first", "round"),
                name="one_letter_a_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterplace",
            constraint=models.UniqueConstraint(fields=("letter", "surrounding"), name="place_once_a_letter"),
        ),
        migrations.AddConstraint(
            model_name="letterplace",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)),
                fields=("surrounding",),
                name="place_in_one_open_letter",
            ),
        ),
    ]
