"""What a database does for itself soon after many rows came in."""

from django.apps import apps
from django.db import connection

from tests.asking import OURS


def analyze() -> None:
    """Bring the planner's statistics of our tables up to date: without it a plan fits the rows of before.

    Table by table: ANALYZE of everything would hold, until the transaction ends, the catalogs that all databases of a
    server share, and with them the tests beside this one.
    """
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in OURS:
                cursor.execute(f"ANALYZE {model._meta.db_table}")
