"""A tender that is held again after it failed names the failed one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenders", "0003_joint_bids")]

    operations = [
        migrations.AddField(
            model_name="tender",
            name="retender_of",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="retenders", to="tenders.tender"
            ),
        ),
    ]
