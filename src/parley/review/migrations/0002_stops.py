"""How often a lane was stopped says nothing of what is kept: `queries/kept.py` tells why."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial")]

    operations = [migrations.RemoveField(model_name="kept", name="stops")]
