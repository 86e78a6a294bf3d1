"""The table of admissions."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds ``Admission``."""

    dependencies = [
        ("awards", "0004_joint"),
        ("tenders", "0005_projects_and_suspensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Admission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("admitted", models.JSONField()),
                ("others", models.JSONField()),
                ("decided_at", models.DateTimeField()),
                (
                    "tender",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="admission", to="tenders.tender"
                    ),
                ),
            ],
        ),
    ]
