"""What a team asks of an approval."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_preferences"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="forbids_own_approval",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Someone who edited a transcript since it was last approved can’t approve it.",
                verbose_name="no approval of one’s own work",
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="forbids_doubtful_approval",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Each word of low confidence must be reviewed, corrected or accepted before a transcript is "
                "approved.",
                verbose_name="no approval with doubtful words",
            ),
        ),
    ]
