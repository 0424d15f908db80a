"""What comments are about in segments after their first."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transcripts", "0028_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="CommentPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("begin", models.PositiveIntegerField(default=0)),
                ("end", models.PositiveIntegerField(default=0)),
                ("quoted", models.TextField(blank=True)),
                ("latest", models.TextField(blank=True)),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="transcripts.comment"
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comment_parts",
                        to="transcripts.segment",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("comment", "position"), name="one_part_a_position"),
                    models.CheckConstraint(
                        condition=models.Q(("end__gte", models.F("begin"))), name="part_range_in_order"
                    ),
                ],
            },
        ),
    ]
