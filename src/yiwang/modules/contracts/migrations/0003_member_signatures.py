"""The signatures of the other members of a joint bid that won."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0002_initial")]

    operations = [
        migrations.AddField(model_name="contract", name="member_signatures", field=models.JSONField(default=dict)),
    ]
