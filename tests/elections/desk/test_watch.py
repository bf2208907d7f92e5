"""Nothing that stands at an organization or a person escapes an operation's notes."""

from django.apps import apps

from elections.desk.watch import OF_ORGANIZATIONS, OF_PEOPLE
from members.models import Member
from orgs.models import Organization

# What no operation writes: accounts, the log, imports and operations themselves, and what belongs to a whole district.
NOT_WRITTEN = {
    "orgs.user",
    "orgs.auditevent",
    "orgs.importbatch",
    "orgs.layoutmapping",
    "orgs.operation",
    "orgs.opening",
    "elections.localvalue",
    "elections.locallist",
    "elections.checkedprovision",
    "elections.freeze",
    # A file cannot pass the check page: it is attached to what was recorded.
    "elections.scan",
}


def test_every_table_with_rows_of_organizations_or_people_is_watched():
    standing = {
        model._meta.label_lower
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in (Organization, Member) and model is not Organization
    }
    watched = {model._meta.label_lower for model in (*OF_ORGANIZATIONS, *OF_PEOPLE)}

    assert standing - watched - NOT_WRITTEN == set()
    assert watched & NOT_WRITTEN == set()
