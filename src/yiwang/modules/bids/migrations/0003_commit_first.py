"""Bids that are committed to before their bytes come: client, act of delivery; an envelope stands once in a tender.

Unique over all tenders it was before: then somebody could commit to a hash that another tender has, and no row of bids
could be written at that opening.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bids", "0002_initial"), ("evidence", "0001_initial"), ("tenders", "0002_upload_grace")]

    operations = [
        migrations.AddField(model_name="bid", name="client", field=models.CharField(blank=True, default="", max_length=200), preserve_default=False),
        migrations.AddField(
            model_name="bid",
            name="delivery",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.act"),
        ),
        migrations.AlterField(model_name="bid", name="envelope_sha256", field=models.CharField(max_length=64)),
        migrations.AddConstraint(
            model_name="bid",
            constraint=models.UniqueConstraint(fields=("tender", "envelope_sha256"), name="envelope_once"),
        ),
    ]
