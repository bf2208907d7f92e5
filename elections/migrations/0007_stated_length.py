from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("elections", "0006_derive_standing_of_terms")]

    operations = [
        migrations.AddField(
            model_name="term",
            name="stated_years",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="名册所列任期（年）"),
        ),
    ]
