"""The grace in minutes for which the bytes of committed bids may finish after the deadline."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenders", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="tender",
            name="upload_grace_minutes",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
