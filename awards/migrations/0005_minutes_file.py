"""The minutes of many nominations as a file that the worker makes."""

import django.db.models.deletion
import doanportal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0004_erase_nominations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MinutesFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "đang tạo"), ("ready", "đã xong"), ("failed", "không tạo được")],
                        default="waiting",
                        max_length=8,
                        verbose_name="trạng thái",
                    ),
                ),
                (
                    "requested_at",
                    models.DateTimeField(default=doanportal.clock.now, verbose_name="yêu cầu lúc"),
                ),
                ("sent_at", models.DateTimeField(default=doanportal.clock.now, verbose_name="giao việc lúc")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="xong lúc")),
                ("file", models.FileField(blank=True, upload_to="awards/minutes/%Y/%m/", verbose_name="tệp")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes_files",
                        to="awards.council",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "tệp biên bản",
                "verbose_name_plural": "tệp biên bản",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("council",),
                        name="minutesfile_one_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(("file", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="minutesfile_ready_has_file",
                    ),
                ],
            },
        ),
    ]
