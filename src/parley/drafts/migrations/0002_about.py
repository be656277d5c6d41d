from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("drafts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="about",
            field=models.CharField(blank=True, max_length=43),
        ),
        migrations.AddField(
            model_name="draft",
            name="begun_on",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["link", "about"], name="drafts_about_an_inquiry"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("begun_on", ""), _negated=True),
                fields=("begun_on",),
                name="one_draft_of_a_page",
            ),
        ),
    ]
