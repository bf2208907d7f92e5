"""What 0005 added is worked out for the rows that were there before, by the rules that new rows go through."""

from collections import defaultdict

from django.db import migrations

from elections.books import extension_facts
from elections.rules.approvals import approved_extensions, timing
from elections.rules.facts import TermFacts

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
        of_some = list(terms.filter(organization__in=some).order_by("organization", "body", "elected_on"))
        on_them = defaultdict(list)
        for extension in extensions.filter(term__in=terms.filter(organization__in=some)).order_by("id"):
            on_them[extension.term_id].append(extension)
        converted = dict(organizations.filter(pk__in=some).values_list("pk", "converted_on"))
        last = facts = None
        for term in of_some:
            is_same = last and (last.organization_id, last.body) == (term.organization_id, term.body)
            # The day it stopped sitting is stored; a term elected on the day of a conversion follows nothing.
            follows = is_same and last.until == term.elected_on != converted[term.organization_id]
            term.timing = timing(term.elected_on, last=facts if follows else None)
            last, facts = term, _judge(term, on_them[term.pk])
        terms.bulk_update(of_some, ON_TERM, batch_size=500)
        extensions.bulk_update([each for rows in on_them.values() for each in rows], ON_EXTENSION, batch_size=500)


def _judge(term, rows) -> TermFacts:
    """Set what 0005 added on the extensions of a term; the term as facts."""
    by_facts = [(extension_facts(row), row) for row in rows]
    days = {"elected_on": term.elected_on, "expires_on": term.expires_on}
    facts = tuple(each for each, _ in by_facts)
    approved = {id(each.extension): each for each in approved_extensions(**days, extensions=facts)}
    for each, row in by_facts:
        if approval := approved.get(id(each)):
            row.works_on, row.turn = approval.works_on, approval.turn
            row.is_too_late, row.is_over_cap = approval.is_too_late, approval.is_over_cap
    return TermFacts(**days, extensions=facts)


class Migration(migrations.Migration):
    dependencies = [("elections", "0005_standing_of_terms")]

    operations = [migrations.RunPython(work_out, migrations.RunPython.noop)]
