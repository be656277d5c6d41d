import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=64, unique=True)),
                (
                    "role",
                    models.CharField(choices=[("officer", "officer"), ("viewer", "viewer")], max_length=16),
                ),
                ("language", models.CharField(max_length=16)),
                ("is_active", models.BooleanField(default=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("wait_until", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="officer_numbers_start_at_1"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField()),
                ("act", models.CharField(max_length=64)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("statement", models.CharField(blank=True, max_length=43)),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                (
                    "officer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.officer",
                    ),
                ),
            ],
        ),
    ]
