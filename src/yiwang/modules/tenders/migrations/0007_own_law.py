"""The documents of a procedure of the center's own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenders", "0006_still_until")]

    operations = [migrations.AddField("tender", "law", models.JSONField(default=dict))]
