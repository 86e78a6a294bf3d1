"""Until when a tender stands still, beside its suspensions, so that no page need ask for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenders", "0005_projects_and_suspensions")]

    operations = [migrations.AddField("tender", "still_until", models.DateTimeField(null=True))]
