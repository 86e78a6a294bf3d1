"""The members of a joint bid, as the opening record lists them."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bids", "0003_commit_first")]

    operations = [
        migrations.AddField(model_name="bid", name="joint", field=models.JSONField(default=list)),
        migrations.AddIndex(
            model_name="bid",
            index=GinIndex(fields=["joint"], name="bid_members", opclasses=["jsonb_path_ops"]),
        ),
    ]
