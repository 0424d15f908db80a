"""Mail that is kept for the console."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_mail"),
    ]

    operations = [
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
