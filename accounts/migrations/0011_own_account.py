"""Mail that is kept for the console; time zone, address change and deletion of accounts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_teams"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="time_zone",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="user",
            name="new_email",
            field=models.EmailField(blank=True, db_default="", default="", editable=False, max_length=254),
        ),
        migrations.AddField(
            model_name="user",
            name="erase_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RemoveConstraint(model_name="mail", name="mail_known_status"),
        migrations.AlterField(
            model_name="mail",
            name="status",
            field=models.CharField(
                choices=[("waiting", "Waiting"), ("sent", "Sent"), ("kept", "Readable here"), ("failed", "Failed")],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["waiting", "sent", "kept", "failed"])), name="mail_known_status"
            ),
        ),
    ]
