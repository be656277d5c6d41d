from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0002_lists"),
    ]

    operations = [
        # The new column is told by the record: without its watermark, everything is told anew.
        migrations.RunSQL("DROP TABLE IF EXISTS watermark", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="inquiry",
            name="letter",
            field=models.CharField(max_length=6),
        ),
        migrations.AlterField(
            model_name="event",
            name="letter",
            field=models.CharField(max_length=6),
        ),
        migrations.AlterField(
            model_name="event",
            name="key",
            field=models.CharField(max_length=59, primary_key=True, serialize=False),
        ),
    ]
