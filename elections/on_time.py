"""按期换届率 in SQL: the terms of a node that ended in a period, each with whether it was followed in time.

The same as `elections.rules.on_time`; a test holds both equal.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from elections.models import Extension, Term
from elections.rules.state import FORMS_WITHOUT_TERM, KINDS_WITHOUT_TERM
from orgs import paths
from orgs.enums import Form
from orgs.models import Organization, OrganizationChange


@dataclass(frozen=True)
class Rate:
    """How many terms should have been followed, and how many were in time."""

    due: int
    on_time: int

    @property
    def percent(self) -> str:
        """With one digit, rounded down so that only all of all is 100%; 「—」 without a term."""
        return f"{self.on_time * 1000 // self.due / 10:g}%" if self.due else "—"


def ended_terms(*, user, node: Organization, first: date, last: date, on: date) -> QuerySet:
    """The committees' terms at and below `node`, with `end`, `renewed_on` and `is_on_time`."""
    steps = Extension.objects.filter(term=OuterRef("pk"), effective_on__lte=on).order_by(
        "-effective_on", "-counts_until"
    )
    end = Case(
        When(extension_effective_on__lte=on, then=F("extended_until")),
        When(
            extension_effective_on__gt=on,
            then=Coalesce(Subquery(steps.values("counts_until")[:1]), F("expires_on")),
        ),
        default=F("expires_on"),
        output_field=DateField(),
    )
    here = paths.subtree(node.path, "organization__path")
    # No extension makes an end earlier, so the index on the expiry narrows the search.
    terms = Term.objects.visible_to(user).of_committees().filter(here, elected_on__lte=on, expires_on__lte=last)
    terms = terms.annotate(end=end).filter(end__gte=first, end__lte=last, end__lt=on)
    next_one = Term.objects.filter(
        organization=OuterRef("organization"), body=OuterRef("body"), elected_on=OuterRef("until")
    )
    renewed = Case(
        When(Q(until__lte=on) & Exists(next_one), then=F("until")), default=Value(None), output_field=DateField()
    )
    terms = terms.annotate(renewed_on=renewed, kind_then=_then("kind"), form_then=_then("form"))
    terms = terms.exclude(until__lte=F("end"), renewed_on__isnull=True)
    terms = terms.exclude(organization__closed_on__lte=F("end"))
    terms = terms.exclude(kind_then__in=KINDS_WITHOUT_TERM).exclude(form_then__in=FORMS_WITHOUT_TERM)
    terms = terms.exclude(form_then=Form.MOBILE, organization__holds_affiliations=False)
    in_time = Case(When(renewed_on__lte=F("end"), then=Value(True)), default=Value(False), output_field=BooleanField())
    return terms.annotate(is_on_time=in_time)


def _then(field: str) -> Coalesce:
    """The value of an organization's property on the last day of the term: what stood before the next change."""
    later = OrganizationChange.objects.filter(
        organization=OuterRef("organization"), field=field, on__gt=OuterRef("end")
    ).order_by("on", "id")
    return Coalesce(Subquery(later.values("before")[:1]), F(f"organization__{field}"))


def rate(terms: QuerySet) -> Rate:
    """The numbers of `ended_terms`, in one query."""
    counted = terms.order_by().aggregate(due=Count("pk"), on_time=Count("pk", filter=Q(is_on_time=True)))
    return Rate(**counted)
