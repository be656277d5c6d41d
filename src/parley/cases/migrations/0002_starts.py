"""When both sides begin a task together stands in the row of its case; the rows are told anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddField(model_name="case", name="starts", field=models.JSONField(default=list)),
        migrations.RunSQL("DROP TABLE IF EXISTS watermark", migrations.RunSQL.noop),
    ]
