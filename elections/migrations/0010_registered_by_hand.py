"""What an election registered by hand says of itself: which meeting elected, and that it was entered after the fact."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("elections", "0009_freezes")]

    operations = [
        migrations.AddField(
            "term",
            "method",
            models.CharField(
                blank=True,
                choices=[("members", "党员大会"), ("delegates", "党员代表大会")],
                default="",
                max_length=10,
                verbose_name="选举方式",
            ),
            preserve_default=False,
        ),
        migrations.AddField("term", "is_backfilled", models.BooleanField(default=False, verbose_name="补录")),
        migrations.AlterField(
            "election",
            "stage",
            models.CharField(
                choices=[
                    ("preparing", "筹备"),
                    ("day_set", "已定选举日"),
                    ("closed", "已办结"),
                    ("offline", "线下完成"),
                    ("merged", "因合并终止"),
                    ("converted", "因改建终止"),
                    ("dissolved", "因撤销终止"),
                ],
                default="preparing",
                max_length=12,
                verbose_name="阶段",
            ),
        ),
    ]
