"""Thousands of organizations given as facts, written into the database in a few bulk inserts.

Extensions and terms are derived by the service that derives them for real.
"""

import random
from datetime import date

from django.utils import timezone

from elections.models import Appointment, Election, Extension, Term
from elections.rules.facts import ExtensionFacts, OrganizationFacts, TermFacts
from elections.services.terms import derive
from orgs import paths
from orgs.enums import Body, ElectionKind, Kind, UnitType
from orgs.models import Organization, OrganizationChange, Unit, User
from orgs.models.organization import OrganizationUnit
from tests.elections.random_facts import DAYS

VOIDED_SHARE = 0.1
STATED_SHARE = 0.3


class District:
    """Writes organizations given as facts into the database, with rows beside them that must not count.

    They are roots, or stand under the path `above`.
    """

    def __init__(self, user: User, above: str = ""):
        self.user = user
        self.above = above
        self.random = random.Random(7)
        self.now = timezone.now()
        self.changes, self.terms, self.extensions, self.elections, self.appointments = [], [], [], [], []
        self.units, self.places = [], []
        self.noise = []

    def write(self, facts: list[OrganizationFacts]) -> dict[int, OrganizationFacts]:
        """{organization id: its facts}, after some bulk inserts."""
        organizations = [self.organization(number, each) for number, each in enumerate(facts, start=1)]
        for organization, each in zip(organizations, facts, strict=True):
            self.rows(organization.pk, each)
        derive(
            terms=self.terms,
            extensions=self.extensions,
            converted_on={
                organization.pk: (*each.converted_before, each.converted_on)
                for organization, each in zip(organizations, facts, strict=True)
                if each.converted_on
            },
        )
        for rows in (organizations, self.changes, self.terms, self.extensions, self.elections, self.appointments):
            self.insert(rows)
        self.insert(self.units)
        self.insert(self.places)
        for model in (Term, Extension, Election, Appointment):
            self.insert([row for row in self.noise if isinstance(row, model)])
        return {organization.pk: each for organization, each in zip(organizations, facts, strict=True)}

    def insert(self, rows):
        if rows:
            type(rows[0])._base_manager.bulk_create(rows, batch_size=500)

    def organization(self, number: int, facts: OrganizationFacts) -> Organization:
        return Organization(
            pk=number,
            path=self.above + paths.segment(number),
            name=f"虚构第{number}号党组织",
            sort_key=f"{number:06}",
            kind=facts.kind,
            form=facts.form,
            unit_type=facts.unit_type or "",
            holds_affiliations=facts.holds_affiliations,
            founded_on=facts.founded_on,
            founded_on_precision=facts.founded_precision,
            converted_on=facts.converted_on,
            closed_on=facts.closed_on,
        )

    def rows(self, pk: int, facts: OrganizationFacts):
        for field, changes in (("kind", facts.kind_before), ("form", facts.form_before)):
            for change in changes:
                self.changes.append(
                    OrganizationChange(organization_id=pk, field=field, on=change.on, before=change.value, by=self.user)
                )
        for day in (*facts.converted_before, facts.converted_on) if facts.converted_before else ():
            self.changes.append(
                OrganizationChange(organization_id=pk, field="converted_on", on=day, after=day, by=self.user)
            )
        for term in facts.terms:
            self.term(pk, term)
        if any(term.large for term in facts.terms):
            self.unit(pk, is_large=True)
        for each in facts.elections:
            self.elections.append(
                Election(
                    organization_id=pk,
                    kind=each.kind,
                    opened_on=each.opened_on,
                    election_day=each.election_day,
                    closed_on=each.closed_on,
                )
            )
        for each in facts.appointments:
            self.appointments.append(Appointment(organization_id=pk, on=each.on, document_no=each.document_no))
        if self.random.random() < VOIDED_SHARE:
            self.rows_that_do_not_count(pk, facts)

    def term(self, pk: int, facts: TermFacts, **more) -> Term:
        # The length may stand beside the one that holds instead of being it.
        stated = facts.years if self.random.random() < STATED_SHARE else None
        term = Term(
            pk=len(self.terms) + 1,
            organization_id=pk,
            ordinal=facts.ordinal,
            elected_on=facts.elected_on,
            elected_on_precision=facts.elected_precision,
            years=(facts.years or 3) if stated is None else self.random.choice((3, 5)),
            stated_years=stated,
            expires_on=facts.expires_on,
            expires_on_precision=facts.expires_precision,
            kind_at_election=facts.kind or Kind.BRANCH,
            unit_type_at_election=facts.unit_type or "",
            stated_expires_on=facts.stated_expires_on,
            document_no=facts.document_no,
            early_approved_on=facts.early_approved_on,
            early_document_no=facts.early_document_no,
            **more,
        )
        self.terms.append(term)
        for each in facts.extensions:
            self.extensions.append(self.extension(term.pk, each))
        return term

    def unit(self, pk: int, **more) -> None:
        unit = Unit(pk=len(self.units) + 1, keeper_id=pk, name=f"虚构{pk}公司", unit_type=UnitType.PRIVATE, **more)
        self.units.append(unit)
        self.places.append(OrganizationUnit(organization_id=pk, unit_id=unit.pk))

    def extension(self, term_pk: int, facts: ExtensionFacts) -> Extension:
        return Extension(
            term_id=term_pk,
            level=facts.level,
            ends_on=facts.ends_on,
            is_approved=facts.is_approved,
            approved_on=facts.approved_on,
            document_no=facts.document_no,
        )

    def rows_that_do_not_count(self, pk: int, facts: OrganizationFacts):
        """Voided rows that would change every state, and a 纪委 with a term and an election of its own."""
        voided = {"voided_at": self.now, "voided_by": self.user, "voided_reason": "录入错误"}
        on = self.random.choice(DAYS)
        self.noise += [
            Term(
                pk=1_000_000 + pk,
                organization_id=pk,
                ordinal=1,
                elected_on=on,
                years=5,
                expires_on=on.replace(year=on.year + 5, day=1),
                kind_at_election=Kind.BRANCH,
                **voided,
            ),
            Election(organization_id=pk, kind=ElectionKind.GENERAL, opened_on=date(2015, 1, 1), **voided),
            Appointment(organization_id=pk, on=date(2015, 1, 1), document_no="区委组〔2015〕1号", **voided),
            Election(
                organization_id=pk,
                kind=ElectionKind.GENERAL,
                body=Body.DISCIPLINE,
                opened_on=date(2015, 1, 1),
                closed_on=date(2030, 1, 1),
            ),
        ]
        self.term(pk, TermFacts(on, on.replace(year=on.year + 3, day=1)), body=Body.DISCIPLINE)
        if facts.terms:
            # The last one is that of the 纪委; before it stands the organization's own latest.
            own = self.terms[-2]
            self.noise.append(
                Extension(
                    term_id=own.pk,
                    ends_on=date(2035, 1, 1),
                    effective_on=own.elected_on,
                    counts_until=date(2035, 1, 1),
                    works_on=own.elected_on,
                    turn=9,
                    is_over_cap=True,
                    **voided,
                )
            )
        if not any(term.large for term in facts.terms):
            self.unit(pk, is_large=True, **voided)
