"""Projects with lots, rounds of a chain, versions of procedures, invitations, reservations, bid bonds, suspensions."""

import django.db.models.deletion
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_certificates_and_resets"),
        ("tenders", "0004_retender"),
    ]

    operations = [
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=32, unique=True)),
                ("title", models.CharField(max_length=300)),
                ("lots_most", models.PositiveSmallIntegerField(null=True)),
                (
                    "agency",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="projects_run", to="parties.organisation"),
                ),
                ("buyer", models.ForeignKey(on_delete=PROTECT, related_name="projects_bought", to="parties.organisation")),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("reason", models.TextField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("by", models.CharField(max_length=32)),
                ("tender", models.ForeignKey(on_delete=PROTECT, related_name="suspensions", to="tenders.tender")),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.AddField("tender", "procedure_version", models.PositiveIntegerField(default=1)),
        migrations.AddField(
            "tender",
            "project",
            models.ForeignKey(null=True, on_delete=PROTECT, related_name="tenders", to="tenders.project"),
        ),
        migrations.AddField(
            "tender",
            "stage_of",
            models.ForeignKey(null=True, on_delete=PROTECT, related_name="stages", to="tenders.tender"),
        ),
        migrations.AddField("tender", "invitees", models.JSONField(default=list)),
        migrations.AddField("tender", "reserved_for", models.CharField(blank=True, max_length=16, default="")),
        migrations.AddField("tender", "required_documents", models.JSONField(default=list)),
        migrations.AddField("tender", "bid_bond", models.BigIntegerField(default=0)),
    ]
