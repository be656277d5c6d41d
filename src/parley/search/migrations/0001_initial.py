from django.db import migrations, models

# The tokens come ready made; "ascii" takes every other letter as it is. Nothing ranks by length.
INDEX = "CREATE VIRTUAL TABLE search_index USING fts5(words, tokenize='ascii', columnsize=0)"


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=76, unique=True)),
                ("texts", models.JSONField(default=list)),
            ],
        ),
        migrations.RunSQL(INDEX, "DROP TABLE search_index"),
    ]
