"""Orders under framework agreements know the prices that bound their quotes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0001_initial")]

    operations = [
        migrations.AddField("choice", "prices", models.JSONField(default=dict)),
        migrations.AddField("choice", "quantity", models.PositiveIntegerField(default=1)),
    ]
