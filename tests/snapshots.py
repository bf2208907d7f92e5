"""The whole content of the books, to compare before and after."""

from django.apps import apps

OURS = ("orgs", "members", "elections")
# What only ever grows: the log, and the notes of what was done.
LOGS = {"orgs.auditevent", "orgs.operation", "orgs.operationeffect"}


def books(*, versions: bool = False) -> dict[str, list[dict]]:
    """{table: rows as {column: value}} of every table of ours but the logs; versions count on and are left out."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model._meta.label_lower in LOGS:
            continue
        names = [field.attname for field in model._meta.concrete_fields if versions or field.attname != "version"]
        found[model._meta.label_lower] = list(model._base_manager.order_by("pk").values(*names))
    return found
