import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0003_price_reviews_and_award_votes"),
        ("experts", "0001_initial"),
        ("parties", "0004_certificates_and_resets"),
        ("tenders", "0005_projects_and_suspensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="PriceChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bid", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=16)),
                ("content", models.JSONField()),
                ("reason", models.TextField()),
                ("minutes", models.PositiveIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("confirmed", models.BooleanField(null=True)),
                ("signature", models.JSONField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "seat",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="experts.seat"),
                ),
                (
                    "tender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="price_changes", to="tenders.tender"
                    ),
                ),
                (
                    "tenderer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PriceVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agree", models.BooleanField()),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="votes", to="evaluations.pricechange"
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="experts.seat"),
                ),
            ],
            options={
                "ordering": ["seat__number"],
            },
        ),
        migrations.AddConstraint(
            model_name="pricevote",
            constraint=models.UniqueConstraint(fields=("change", "seat"), name="price_vote_once"),
        ),
    ]
