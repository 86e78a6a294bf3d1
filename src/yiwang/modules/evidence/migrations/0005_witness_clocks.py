"""How far each witness's clock is from the database's, as last compared."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_blind_acts")]

    operations = [
        migrations.AddField("witness", "least", models.FloatField(null=True)),
        migrations.AddField("witness", "most", models.FloatField(null=True)),
        migrations.AddField("witness", "measured", models.DateTimeField(null=True)),
    ]
