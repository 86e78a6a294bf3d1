"""The state of the opening hall, folded from its acts."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("openings", "0001_initial")]

    operations = [migrations.AddField(model_name="opening", name="hall", field=models.JSONField(default=dict))]
