"""What people wish for a live session; those there are have what their team wished."""

from typing import Any

from django.db import migrations, models

NAMES = ("languages", "separates_speakers", "punctuates", "masks_profanity")


def wish_as_their_teams(apps: Any, schema_editor: Any) -> None:
    Session = apps.get_model("transcripts", "LiveSession")
    for team_id, *wished in apps.get_model("transcripts", "TeamDefaults").objects.values_list("team", *NAMES):
        Session.objects.filter(recording__team=team_id).update(**dict(zip(NAMES, wished, strict=True)))


class Migration(migrations.Migration):
    dependencies = [("transcripts", "0069_next")]

    operations = [
        migrations.AddField(
            model_name="livesession",
            name="languages",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="livesession",
            name="masks_profanity",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="livesession",
            name="punctuates",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="livesession",
            name="separates_speakers",
            field=models.BooleanField(db_default=True, default=True, verbose_name="tells speakers apart"),
        ),
        migrations.AddField(
            model_name="livesession",
            name="speakers",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="livesession",
            constraint=models.CheckConstraint(condition=models.Q(speakers__gte=1), name="live_has_a_speaker"),
        ),
        migrations.RunPython(wish_as_their_teams, migrations.RunPython.noop),
    ]
