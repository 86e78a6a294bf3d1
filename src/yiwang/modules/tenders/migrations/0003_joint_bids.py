"""Whether the notice of a tender accepts joint bids."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenders", "0002_upload_grace")]

    operations = [
        migrations.AddField(model_name="tender", name="joint_bids_allowed", field=models.BooleanField(default=False)),
    ]
