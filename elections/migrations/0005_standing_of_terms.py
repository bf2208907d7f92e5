import orgs.enums
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("elections", "0004_local_law")]

    operations = [
        migrations.AddField(
            model_name="extension",
            name="is_over_cap",
            field=models.BooleanField(default=False, editable=False, verbose_name="超过延期上限"),
        ),
        migrations.AddField(
            model_name="extension",
            name="is_too_late",
            field=models.BooleanField(default=False, editable=False, verbose_name="补批过迟"),
        ),
        migrations.AddField(
            model_name="extension",
            name="turn",
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name="第几次批准"),
        ),
        migrations.AddField(
            model_name="extension",
            name="works_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="批复起算日期"),
        ),
        migrations.AddField(
            model_name="term",
            name="timing",
            field=models.CharField(
                choices=[
                    ("first", "首届"),
                    ("on_time", "按期"),
                    ("late", "逾期"),
                    ("early", "提前"),
                    ("too_early", "提前超过上限"),
                ],
                default=orgs.enums.Timing["FIRST"],
                editable=False,
                max_length=9,
                verbose_name="换届早晚",
            ),
        ),
    ]
