"""What 0005 added is worked out for the rows that were there before: by the same function that new rows go through."""

from django.db import migrations

from elections.services.terms import derive

ORGANIZATIONS_AT_ONCE = 1000
ON_TERM = ["timing"]
ON_EXTENSION = ["works_on", "turn", "is_too_late", "is_over_cap"]


def work_out(apps, schema_editor):
    """Walk over the organizations that have terms; what stood on the rows before 0005 is left as it is."""
    database = schema_editor.connection.alias
    terms = apps.get_model("elections", "Term")._base_manager.using(database).filter(voided_at__isnull=True)
    extensions = apps.get_model("elections", "Extension")._base_manager.using(database).filter(voided_at__isnull=True)
    organizations = apps.get_model("orgs", "Organization")._base_manager.using(database)
    ids = list(terms.order_by("organization").values_list("organization", flat=True).distinct())
    for start in range(0, len(ids), ORGANIZATIONS_AT_ONCE):
        some = ids[start : start + ORGANIZATIONS_AT_ONCE]
        of_some = list(terms.filter(organization__in=some))
        on_them = list(extensions.filter(term__in=terms.filter(organization__in=some)))
        converted = dict(
            organizations.filter(pk__in=some, converted_on__isnull=False).values_list("pk", "converted_on")
        )
        derive(terms=of_some, extensions=on_them, converted_on=converted)
        terms.bulk_update(of_some, ON_TERM, batch_size=500)
        extensions.bulk_update(on_them, ON_EXTENSION, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("elections", "0005_standing_of_terms")]

    operations = [migrations.RunPython(work_out, migrations.RunPython.noop)]
