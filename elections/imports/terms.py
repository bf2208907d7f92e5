"""The current term in an organization's row: what is wrong with it, and what it does to the terms on the books."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from dateutil.relativedelta import relativedelta

from elections.imports.books import Books
from elections.imports.nodes import Node
from elections.models import Term
from elections.rules.parameters import Law
from elections.rules.state import has_no_term
from elections.rules.terms import LENGTH_DIFFERS, UnknownUnitType
from elections.services.terms import TermPlan, plan_term
from orgs.enums import Form, Kind, Precision, UnitType
from orgs.importing.codes import Code
from orgs.importing.dates import Dated
from orgs.importing.rows import RosterRow, Scope, report_future

CELLS = ("elected", "expires", "term_years", "term_no", "document_no")


@dataclass(slots=True)
class TermTarget:
    """What becomes of a term: `known` is the one on the books (None: a new one), `values` its new columns."""

    known: Term | None
    values: dict[str, object] = field(default_factory=dict)


def plan(node: Node, books: Books, scope: Scope) -> None:
    """Check the cells of the term and set the node's `term` and the row's `changes`."""
    row, elected, expires = node.row, node.row.get("elected"), node.row.get("expires")
    founded = row.get("founded")
    if elected and elected.day > scope.on:
        report_future(row, "elected", elected, scope.on)
    if elected and founded and elected.last_day < founded.day:
        words = {"relation": "早于", "other": row.sheet.header.title("founded"), "other_value": str(founded)}
        row.report(Code.DATE_ORDER, "elected", value=str(elected), **words)
    if elected and expires and expires.last_day <= elected.last_day:
        row.report(Code.TERM_ORDER, "expires", value=str(expires), other_value=str(elected))
    if not row.is_good or not node.kind:
        return
    holds = bool(node.place and books.organizations[node.place.pk].holds_affiliations)
    if has_no_term(Kind(node.kind), Form(node.form), holds_affiliations=holds):
        if elected or expires:
            label = Kind(node.kind).label if node.form == Form.ORDINARY else Form(node.form).label + "党组织"
            row.report(Code.TERM_MISMATCH, "elected", message=f"{label}不实行任期制，换届和届满日期没有导入。")
        return
    terms = books.terms[node.place.pk] if node.place else []
    if elected is None:
        _without_day(node, bool(terms), scope, books.law)
        return
    known = known_term(terms, elected, row.get("term_no"))
    try:
        node.term = stated_term(
            row,
            known=known,
            as_elected=lambda day: _as_elected(node, day, books, scope),
            large=books.is_large(node.place.pk) if node.place else None,
        )
    except UnknownUnitType as unknown:
        report_unknown_length(row, unknown, "unit")
        return
    sitting = next((term for term in reversed(terms) if term.elected_on <= scope.on), None)
    _show(node, known or sitting)


def _without_day(node: Node, has_terms: bool, scope: Scope, law: Law) -> None:
    """No election day: nothing to write; a gap worth a word unless a term is known or the first is still to come."""
    founded = node.row.get("founded")
    months = law.first_election_months.on(scope.on).value
    if has_terms or (founded and founded.last_day + relativedelta(months=months) >= scope.on) or node.row.get("closed"):
        return
    if not any(each.code == Code.CELL_ERROR for each in node.row.issues):
        node.row.report(Code.TERM_MISSING, "elected")


def known_term(terms: list[Term], elected: Dated, ordinal: int | None) -> Term | None:
    """The term on the books that the row means: elected that day, in that month where one is vague, or of that 届次."""
    for term in terms:
        vague = Precision.MONTH in (elected.precision, term.elected_on_precision)
        if term.elected_on == elected.last_day or (vague and _month(term.elected_on) == _month(elected.day)):
            return term
    return next((term for term in terms if ordinal and term.ordinal == ordinal), None)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def report_unknown_length(row: RosterRow, unknown: UnknownUnitType, cell: str) -> None:
    """Note that the length depends on a unit type that nobody has confirmed, so that the term was left out."""
    lengths = "或".join(f"{years}年" for years in unknown.candidates)
    message = f"单位类别不明，任期可能是{lengths}，无法推算届满日期，本届没有导入。请填写单位类别。"
    row.report(Code.TERM_MISSING, cell, message=message)


def stated_term(
    row: RosterRow,
    *,
    known: Term | None,
    as_elected: Callable[[date], tuple[str, str]],
    large: bool | None,
    document_cell: str = "document_no",
) -> TermTarget:
    """The term that a row with `elected` states: length and expiry by the law of the election day.

    `as_elected` tells kind and unit type on a day, `large` whether it is of a 大中型企业. Reports TERM_MISMATCH;
    UnknownUnitType when the length depends on a unit type nobody knows. Of a term on the books only what differs is in
    `values`.
    """
    elected, expires = row.get("elected"), row.get("expires")
    ordinal = {"ordinal": row.get("term_no")} if row.get("term_no") else {}
    day, precision = elected.last_day, elected.precision
    if known is not None and known.elected_on_precision == Precision.DAY and precision == Precision.MONTH:
        day, precision = known.elected_on, Precision.DAY
    stated_expires, stated_precision = (expires.last_day, expires.precision) if expires else (None, Precision.DAY)
    years, document = row.get("term_years"), row.get(document_cell, "")
    is_length_stated = years is not None or (known is not None and known.stated_years is not None)
    if known is not None:
        same_day = (day, precision) == (known.elected_on, known.elected_on_precision)
        if same_day and years is None and expires is None and not document:
            return TermTarget(known, _differing(ordinal, known))
        years = years or known.stated_years or known.years
        document = document or known.document_no
        stated_expires = stated_expires or known.stated_expires_on
    kind, unit_type = as_elected(day)
    made = plan_term(
        kind=Kind(kind),
        unit_type=UnitType(unit_type) if unit_type else None,
        elected_on=day,
        elected_precision=precision,
        stated_years=years,
        stated_expires_on=stated_expires,
        stated_precision=stated_precision,
        document_no=document,
        large=large,
    )
    values = {
        "elected_on": day,
        "elected_on_precision": precision.value,
        "years": made.years,
        "years_basis": made.years_basis,
        "expires_on": made.expires_on,
        "expires_on_precision": made.expires_on_precision.value,
        "stated_expires_on": made.stated_expires_on,
        "stated_years": made.stated_years if is_length_stated else None,
        "document_no": document,
        "kind_at_election": str(kind),
        "unit_type_at_election": str(unit_type),
        **ordinal,
    }
    _report_mismatch(row, made, expires, document)
    return TermTarget(known, _differing(values, known))


def _differing(values: dict[str, object], known: Term | None) -> dict[str, object]:
    return {name: value for name, value in values.items() if known is None or getattr(known, name) != value}


def _as_elected(node: Node, day: date, books: Books, scope: Scope) -> tuple[str, str]:
    """Kind and unit type on the election day; a unit type first told now held then too."""
    if node.place is None or day >= scope.on:
        return node.kind, node.unit_type
    key = node.place.pk
    return books.value_on(key, "kind", day), books.value_on(key, "unit_type", day) or node.unit_type


def _report_mismatch(row: RosterRow, made: TermPlan, expires: Dated | None, document: str) -> None:
    if LENGTH_DIFFERS in made.findings and row.get("term_years"):
        message = (
            f"任期{row.get('term_years')}年与规定的{made.years}年不一致且没有批复文号，已按{made.years}年推算，请核对。"
        )
        row.report(Code.TERM_MISMATCH, "term_years", message=message)
    if expires and made.stated_expires_on and not document.strip():
        expected = written_day(made.expires_on, made.expires_on_precision)
        row.report(Code.TERM_MISMATCH, "expires", value=str(expires), expected=expected)


def _show(node: Node, before: Term | None) -> None:
    """The term's changes as the preview has them, cell by cell."""
    target = node.term
    if not target.values:
        node.term = None
        return
    old = shown_term(before) if before else {}
    after = Term(**{**(_columns(target.known) if target.known else {}), **target.values})
    for name, value in shown_term(after).items():
        if value and old.get(name, "") != value:
            node.row.changes[name] = (old.get(name, ""), value)
    if not node.row.changes:
        # Only what follows from other cells changed, e.g. the kind at the election.
        node.row.changes["elected"] = (old.get("elected", ""), shown_term(after)["elected"])


COLUMNS = (
    "ordinal",
    "elected_on",
    "elected_on_precision",
    "years",
    "years_basis",
    "expires_on",
    "expires_on_precision",
    "stated_expires_on",
    "stated_years",
    "document_no",
    "kind_at_election",
    "unit_type_at_election",
)


def _columns(term: Term) -> dict[str, object]:
    return {name: getattr(term, name) for name in COLUMNS}


def shown_term(term: Term) -> dict[str, str]:
    """A term in the cells of a ledger; length and expiry as a roster stated them, where they differ."""
    expires, precision = term.expires_on, term.expires_on_precision
    if term.stated_expires_on and term.stated_expires_on != term.expires_on:
        expires, precision = term.stated_expires_on, Precision.DAY
    return {
        "elected": written_day(term.elected_on, term.elected_on_precision),
        "expires": written_day(expires, precision),
        "term_years": str(term.stated_years or term.years),
        "term_no": str(term.ordinal) if term.ordinal else "",
        "document_no": term.document_no,
    }


def written_day(day: date, precision: str) -> str:
    """A stored day as a roster writes it: known to the month as YYYY-MM."""
    return str(Dated(day, Precision(precision)))
