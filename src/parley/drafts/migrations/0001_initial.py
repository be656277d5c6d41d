import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0002_sessions_from"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("link", models.CharField(max_length=32)),
                ("purpose", models.CharField(max_length=32)),
                ("created_at", models.BigIntegerField()),
                ("saved_at", models.BigIntegerField()),
                ("revision", models.PositiveBigIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("count", models.PositiveIntegerField(default=0)),
                ("closed_at", models.BigIntegerField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=32)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.officer"
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.officer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Saved",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveBigIntegerField()),
                ("field", models.CharField(max_length=64)),
                ("value", models.TextField(blank=True)),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("session", models.CharField(max_length=64)),
                ("at", models.BigIntegerField()),
                ("begun_at", models.BigIntegerField()),
                ("replaced", models.JSONField(default=list)),
                ("is_aside", models.BooleanField(default=False)),
                ("is_settled", models.BooleanField(default=False)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="drafts.draft"
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.officer"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["link", "number"], name="drafts_of_link"),
        ),
        migrations.AddIndex(
            model_name="saved",
            index=models.Index(fields=["draft", "is_aside", "is_settled"], name="versions_that_lie_aside"),
        ),
        migrations.AddConstraint(
            model_name="saved",
            constraint=models.UniqueConstraint(
                fields=("draft", "field", "revision"), name="one_version_for_a_revision"
            ),
        ),
    ]
