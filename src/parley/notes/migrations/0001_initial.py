import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("agencies", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=32, unique=True)),
                ("link", models.CharField(max_length=32)),
                ("inquiry", models.CharField(max_length=43)),
                ("at", models.BigIntegerField()),
                ("text", models.TextField()),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.officer"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["link", "inquiry", "number"], name="notes_in_order")],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER note_stays BEFORE UPDATE ON notes_note"
            " BEGIN SELECT RAISE(ABORT, 'a note is never changed'); END",
            "DROP TRIGGER note_stays",
        ),
    ]
