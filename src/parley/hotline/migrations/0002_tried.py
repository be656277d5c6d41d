"""Which line tests a call is stands in its row, so that it is seen what was held; rows are told anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hotline", "0001_initial")]

    operations = [
        migrations.AddField(model_name="call", name="tried", field=models.JSONField(default=list)),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["nature", "is_ours", "opened_at"], name="calls_tried"),
        ),
        migrations.RunSQL("DROP TABLE IF EXISTS watermark", migrations.RunSQL.noop),
    ]
