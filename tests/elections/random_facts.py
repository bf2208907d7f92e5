"""Thousands of organizations that a real district would take decades to produce, always the same ones."""

import random
from datetime import date, timedelta

from elections.rules.dated import add_months, add_years, month_end
from elections.rules.facts import (
    AppointmentFacts,
    Before,
    ElectionFacts,
    ExtensionFacts,
    OrganizationFacts,
    TermFacts,
)
from elections.rules.terms import expiry
from orgs.enums import ApprovalLevel, ElectionKind, Form, Kind, Precision, UnitType

# Days the ledger is asked for: a leap day, ends of months of every length, the first days of the law of 2018.
DAYS = (
    date(2018, 7, 12),
    date(2023, 2, 28),
    date(2024, 2, 29),
    date(2025, 6, 15),
    date(2026, 8, 31),
    date(2026, 11, 21),
)
SHIFTS = (0, 6, -6, 12, -12, 24, -24, -36, -60, 36)
NUMBERS = ("", "区委组〔2024〕3号")
TERM_KINDS = (Kind.BRANCH, Kind.BRANCH, Kind.BRANCH, Kind.GENERAL_BRANCH, Kind.COMMITTEE)


class RandomFacts:
    """Makes organizations from a seed; half of all days lie on or beside a day at which a state can change."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def organizations(self, count: int) -> list[OrganizationFacts]:
        """`count` organizations of every kind and history."""
        return [self.organization() for _ in range(count)]

    def day(self) -> date:
        """Any day of 2013 to 2028, often one that matters to one of DAYS."""
        if self.chance(0.5):
            shifted = add_months(self.random.choice(DAYS), self.random.choice(SHIFTS))
            return shifted + timedelta(days=self.random.choice((-1, 0, 0, 1)))
        return date(2013, 1, 1) + timedelta(days=self.random.randrange(16 * 365))

    def organization(self) -> OrganizationFacts:
        has_terms = self.chance(0.65)
        founded_on = self.day() if self.chance(0.4) else None
        closed_on = self.day() if self.chance(0.12) else None
        if founded_on and closed_on and closed_on <= founded_on:
            closed_on = founded_on + timedelta(days=self.random.randint(1, 400))
        return OrganizationFacts(
            unit_type=self.unit_type(),
            kind=self.random.choice(TERM_KINDS if self.chance(0.94) else tuple(Kind)),
            form=Form.ORDINARY if self.chance(0.9) else self.random.choice(tuple(Form)),
            holds_affiliations=self.chance(0.3),
            founded_on=founded_on,
            founded_precision=self.random.choice((Precision.DAY, Precision.DAY, Precision.MONTH, Precision.YEAR)),
            **self.conversions(),
            closed_on=closed_on,
            kind_before=self.changes(Kind),
            form_before=self.changes(Form),
            appointments=self.appointments(),
            terms=self.terms() if has_terms else (),
            elections=self.elections(),
        )

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def changes(self, values) -> tuple[Before, ...]:
        if not self.chance(0.06):
            return ()
        return tuple(
            Before(self.day(), self.random.choice(tuple(values))) for _ in range(self.random.choice((1, 1, 2, 3)))
        )

    def conversions(self) -> dict:
        if not self.chance(0.2):
            return {}
        *before, last = sorted({self.day() for _ in range(self.random.choice((1, 1, 2, 3)))})
        return {"converted_on": last, "converted_before": tuple(before)}

    def appointments(self) -> tuple[AppointmentFacts, ...]:
        if not self.chance(0.2):
            return ()
        days = {self.day() for _ in range(self.random.choice((1, 1, 2)))}
        return tuple(AppointmentFacts(on, self.random.choice(NUMBERS)) for on in sorted(days))

    def terms(self) -> tuple[TermFacts, ...]:
        days = {self.elected_on() for _ in range(self.random.choice((1, 1, 2, 3)))}
        # Whether a unit is 大中型 is known of the organization, not of each of its elections.
        large = True if self.chance(0.15) else None
        return tuple(self.term(elected_on, large) for elected_on in sorted(days))

    def elected_on(self) -> date:
        elected_on = self.day()
        # A term that runs out around one of DAYS is worth more than one that does not.
        return add_years(elected_on, -self.random.choice((0, 2, 3, 5)))

    def unit_type(self) -> UnitType | None:
        return self.random.choice((None, *UnitType))

    def term(self, elected_on: date, large: bool | None) -> TermFacts:
        precision = Precision.DAY
        if elected_on == month_end(elected_on) and self.chance(0.7):
            precision = Precision.MONTH
        years = self.random.choice((1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 6))
        expires_on = expiry(elected_on=elected_on, years=years, precision=precision)
        expires_precision = precision
        if precision == Precision.DAY and self.chance(0.1):
            expires_on, expires_precision = month_end(expires_on), Precision.MONTH
        return TermFacts(
            elected_on=elected_on,
            expires_on=expires_on,
            ordinal=self.random.choice((None, 1, 1, 2, 5)),
            elected_precision=precision,
            expires_precision=expires_precision,
            extensions=self.extensions(expires_on),
            years=years,
            kind=self.random.choice(TERM_KINDS if self.chance(0.95) else tuple(Kind)),
            unit_type=self.unit_type(),
            large=large,
            stated_expires_on=self.around(expires_on) if self.chance(0.15) else None,
            document_no=self.random.choice(NUMBERS) if self.chance(0.3) else "",
            early_approved_on=self.around(elected_on) if self.chance(0.4) else None,
            early_document_no=self.random.choice(NUMBERS),
        )

    def around(self, day: date) -> date:
        """The day, one beside it, or one a month before."""
        return day + timedelta(days=self.random.choice((-30, -1, 0, 1)))

    def extensions(self, expires_on: date) -> tuple[ExtensionFacts, ...]:
        made = [self.extension(expires_on) for _ in range(self.random.choice((0, 0, 0, 1, 1, 2, 3)))]
        if made and self.chance(0.2):
            made.append(made[0])  # entered twice: the same approval
        return tuple(made)

    def extension(self, expires_on: date) -> ExtensionFacts:
        approved_on = None
        if self.chance(0.8):
            approved_on = add_months(expires_on, self.random.choice((-9, -3, -1, 0, 2, 8, 12, 13)))
            approved_on += timedelta(days=self.random.choice((-1, 0, 1)))
        ends_on = add_months(expires_on, self.random.choice((-1, 0, 3, 6, 12, 12, 18, 30)))
        return ExtensionFacts(
            ends_on=ends_on + timedelta(days=self.random.choice((-1, 0, 1))),
            approved_on=approved_on,
            is_approved=self.chance(0.5),
            level=self.random.choice(tuple(ApprovalLevel)),
            document_no=self.random.choice(NUMBERS),
        )

    def elections(self) -> tuple[ElectionFacts, ...]:
        """Closed cases of both kinds, and at most one open general election."""
        made = []
        if self.chance(0.2):
            made.append(self.election(self.random.choice(tuple(ElectionKind)), closed=True))
        if self.chance(0.1):
            made.append(self.election(ElectionKind.BY_ELECTION, closed=self.chance(0.5)))
        if self.chance(0.35):
            made.append(self.election(ElectionKind.GENERAL, closed=self.chance(0.2)))
        return tuple(made)

    def election(self, kind: ElectionKind, *, closed: bool) -> ElectionFacts:
        opened_on = self.day()
        election_day = opened_on + timedelta(days=self.random.choice((0, 1, 30, 200, 700)))
        return ElectionFacts(
            kind=kind,
            opened_on=opened_on,
            election_day=election_day if self.chance(0.6) else None,
            closed_on=opened_on + timedelta(days=self.random.choice((1, 31, 400, 1500))) if closed else None,
        )
