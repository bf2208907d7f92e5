"""All numbers of the law as one value, so that a judgement can be made by another law, local or supposed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache

from elections.rules.parameters import deadlines, lengths, people, procedure, structure
from elections.rules.parameters.entries import Entry, LawGap, Parameter
from elections.rules.parameters.provisions import PROVISIONS
from orgs.enums import Kind, UnitType


@dataclass(frozen=True, kw_only=True)
class Law:
    """The numbers a judgement is made by; without arguments those of the country as recorded."""

    term_years: Mapping[tuple[Kind, UnitType], Parameter] = field(default_factory=lambda: lengths.TERM_YEARS)
    large_enterprise_term_years: Parameter = lengths.LARGE_ENTERPRISE_TERM_YEARS
    old_stated_years_least: Parameter = lengths.OLD_STATED_YEARS_LEAST
    old_stated_years_most: Parameter = lengths.OLD_STATED_YEARS_MOST
    term_years_least: Parameter = lengths.TERM_YEARS_LEAST
    term_years_most: Parameter = lengths.TERM_YEARS_MOST

    reminder_lead_months: Parameter = deadlines.REMINDER_LEAD_MONTHS
    extension_cap_years: Parameter = deadlines.EXTENSION_CAP_YEARS
    extensions_most: Parameter = deadlines.EXTENSIONS_MOST
    early_cap_years: Parameter = deadlines.EARLY_CAP_YEARS
    early_window_months: Parameter = deadlines.EARLY_WINDOW_MONTHS
    late_approval_years: Parameter = deadlines.LATE_APPROVAL_YEARS
    inspection_years: Parameter = deadlines.INSPECTION_YEARS
    first_election_months: Parameter = deadlines.FIRST_ELECTION_MONTHS
    roster_stale_months: Parameter = deadlines.ROSTER_STALE_MONTHS

    full_members_least: Parameter = structure.FULL_MEMBERS_LEAST
    below_three_months: Parameter = structure.BELOW_THREE_MONTHS
    branch_members_most: Parameter = structure.BRANCH_MEMBERS_MOST
    joint_units_most: Parameter = structure.JOINT_UNITS_MOST
    joint_unit_full_members_least: Parameter = structure.JOINT_UNIT_FULL_MEMBERS_LEAST
    agency_general_branch_least: Parameter = structure.AGENCY_GENERAL_BRANCH_LEAST
    state_owned_general_branch_least: Parameter = structure.STATE_OWNED_GENERAL_BRANCH_LEAST
    village_general_branch_above: Parameter = structure.VILLAGE_GENERAL_BRANCH_ABOVE
    other_general_branch_above: Parameter = structure.OTHER_GENERAL_BRANCH_ABOVE
    agency_committee_least: Parameter = structure.AGENCY_COMMITTEE_LEAST
    state_owned_committee_least: Parameter = structure.STATE_OWNED_COMMITTEE_LEAST
    village_committee_least: Parameter = structure.VILLAGE_COMMITTEE_LEAST
    other_committee_least: Parameter = structure.OTHER_COMMITTEE_LEAST
    delegates_least: Parameter = structure.DELEGATES_LEAST

    committee_full_members_least: Parameter = structure.COMMITTEE_FULL_MEMBERS_LEAST
    branch_seats_least: Parameter = structure.BRANCH_SEATS_LEAST
    branch_seats_most: Parameter = structure.BRANCH_SEATS_MOST
    small_branch_seats_most: Parameter = structure.SMALL_BRANCH_SEATS_MOST
    general_branch_seats_least: Parameter = structure.GENERAL_BRANCH_SEATS_LEAST
    general_branch_seats_usual: Parameter = structure.GENERAL_BRANCH_SEATS_USUAL
    general_branch_seats_most: Parameter = structure.GENERAL_BRANCH_SEATS_MOST
    committee_seats_least: Parameter = structure.COMMITTEE_SEATS_LEAST
    committee_seats_usual: Parameter = structure.COMMITTEE_SEATS_USUAL
    committee_seats_most: Parameter = structure.COMMITTEE_SEATS_MOST
    standing_seats_least: Parameter = structure.STANDING_SEATS_LEAST
    standing_seats_most: Parameter = structure.STANDING_SEATS_MOST
    state_owned_seats_least: Parameter = structure.STATE_OWNED_SEATS_LEAST
    state_owned_seats_usual: Parameter = structure.STATE_OWNED_SEATS_USUAL
    state_owned_seats_most: Parameter = structure.STATE_OWNED_SEATS_MOST
    township_seats_least: Parameter = structure.TOWNSHIP_SEATS_LEAST
    township_seats_most: Parameter = structure.TOWNSHIP_SEATS_MOST
    discipline_seats_least: Parameter = structure.DISCIPLINE_SEATS_LEAST
    secretaries_most: Parameter = structure.SECRETARIES_MOST
    secretary_party_age_years: Parameter = structure.SECRETARY_PARTY_AGE_YEARS

    joining_age_least: Parameter = people.JOINING_AGE_LEAST
    birth_year_least: Parameter = people.BIRTH_YEAR_LEAST

    notice_days: Parameter = procedure.NOTICE_DAYS

    provisions: Mapping[str, Entry] = field(default_factory=lambda: PROVISIONS)

    @staticmethod
    @cache
    def builtin() -> "Law":
        """The law of the country as recorded in this package."""
        return Law()

    def length(self, kind: Kind, unit_type: UnitType, *, elected_on: date, large: bool | None = None) -> Entry:
        """The term length (years) in force on the election day; LawGap for a kind × unit type without a row."""
        if kind == Kind.COMMITTEE and unit_type in lengths.ENTERPRISES and large:
            return self.large_enterprise_term_years.on(elected_on)
        try:
            parameter = self.term_years[kind, unit_type]
        except KeyError:
            raise LawGap(f"「{kind.label}」（{unit_type.label}）没有任期规定") from None
        return parameter.on(elected_on)

    def provision(self, rule_id: str) -> Entry:
        """A rule without a number; LawGap for an unknown id."""
        try:
            return self.provisions[rule_id]
        except KeyError:
            raise LawGap(rule_id) from None

    def parameters(self) -> Iterator[tuple[str, Parameter]]:
        """(name, parameter) of every number but the term lengths, in the order above."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Parameter):
                yield each.name, value
