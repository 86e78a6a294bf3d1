"""The members of a joint bid that won."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("awards", "0003_initial")]

    operations = [
        migrations.AddField(model_name="award", name="joint", field=models.JSONField(default=list)),
    ]
