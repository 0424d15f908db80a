"""The log outlives teams, and knows what it is about."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_teams"),
        ("transcripts", "0032_teams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="subject",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AlterField(
            model_name="activity",
            name="team",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="activities", to="accounts.team"
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["team", "-id"], name="activity_of_a_team"),
        ),
    ]
