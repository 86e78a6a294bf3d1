"""The table of draws of invitees."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds ``InviteeDraw``."""

    dependencies = [("awards", "0005_admission"), ("tenders", "0006_still_until")]

    operations = [
        migrations.CreateModel(
            name="InviteeDraw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("way", models.CharField(max_length=32)),
                ("listed", models.JSONField()),
                ("number", models.PositiveSmallIntegerField()),
                ("ground", models.TextField(blank=True)),
                ("watchers", models.JSONField()),
                ("drawn", models.JSONField(default=dict)),
                ("chosen", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "tender",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitee_draw", to="tenders.tender"
                    ),
                ),
            ],
        ),
    ]
