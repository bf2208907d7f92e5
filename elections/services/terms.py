"""Recording terms, extensions and appointments; the only place that writes what is derived from them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from elections.books import extension_facts
from elections.models import Appointment, Extension, Term
from elections.rules.approvals import approved_extensions, timing
from elections.rules.facts import TermFacts
from elections.rules.parameters import Law
from elections.rules.terms import (
    UnknownUnitType,
    counted_extension,
    effective_extension,
    expiry,
    sitting_until,
    term_years,
)
from orgs import audit, history
from orgs.enums import Action, ApprovalLevel, Body, ExtensionKind, Kind, Precision, UnitType
from orgs.models import Organization
from orgs.scoping import require_right
from orgs.services.records import save_changes, void

# The basis of a length that rests on its own 批复, not on a rule.
BY_DOCUMENT = "stated"
DERIVED_ON_TERM = ("until", "extended_until", "extension_effective_on", "timing")
DERIVED_ON_EXTENSION = ("effective_on", "counts_until", "works_on", "turn", "is_too_late", "is_over_cap")


@dataclass(frozen=True)
class TermPlan:
    """What a term will be: its length with basis, its expiry, and the findings that come with it."""

    years: int
    years_basis: str
    expires_on: date
    expires_on_precision: Precision
    stated_expires_on: date | None
    stated_years: int | None
    findings: tuple[str, ...] = ()


def plan_term(
    *,
    kind: Kind,
    unit_type: UnitType | None,
    elected_on: date,
    elected_precision: Precision = Precision.DAY,
    stated_years: int | None = None,
    stated_expires_on: date | None = None,
    stated_precision: Precision = Precision.DAY,
    document_no: str = "",
    large: bool | None = None,
    law: Law | None = None,
) -> TermPlan:
    """The length and expiry of a term elected on a day by an organization of this kind and unit type.

    A stated length or expiry that differs from the computed one is kept beside it
    and replaces it only with a 批复 number (rules: settled for the product). Raises
    UnknownUnitType where the length depends on an unknown unit type and neither a
    document nor a stated length decides.
    """
    length = term_years(
        kind=kind,
        unit_type=unit_type,
        elected_on=elected_on,
        stated=stated_years,
        document_no=document_no,
        large=large,
        law=law,
    )
    computed = expiry(elected_on=elected_on, years=length.years, precision=elected_precision)
    precision = elected_precision
    differing = stated_expires_on if stated_expires_on not in (None, computed) else None
    if differing is not None and stated_precision == Precision.MONTH and differing.month == computed.month:
        # 「2027年6月」 says nothing against 2027-06-15.
        differing = differing if differing.year != computed.year else None
    expires_on = computed
    if differing is not None and document_no.strip():
        expires_on, precision = differing, stated_precision
    return TermPlan(
        years=length.years,
        years_basis=length.rule_id or BY_DOCUMENT,
        expires_on=expires_on,
        expires_on_precision=precision,
        stated_expires_on=differing,
        stated_years=stated_years if stated_years != length.years else None,
        findings=length.findings,
    )


@transaction.atomic
def record_term(
    *,
    organization: Organization,
    elected_on: date,
    by,
    body: str = Body.COMMITTEE,
    elected_precision: str = Precision.DAY,
    ordinal: int | None = None,
    stated_years: int | None = None,
    stated_expires_on: date | None = None,
    document_no: str = "",
    early_approved_on: date | None = None,
    early_document_no: str = "",
    method: str = "",
    is_backfilled: bool = False,
) -> Term:
    """Record one elected term and return it; earlier and later terms stay and are linked anew.

    Kind and unit type are those of the election day; the early approval is that of electing it before the reminder
    day of the term before (TERM-13); `is_backfilled` marks 补录. PermissionDenied without
    the right to change the organization; ValidationError when the day is taken,
    or the unit type that decides the length is unknown.
    """
    require_right(by, Action.EDIT, organization)
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    then = history.values_on([organization], elected_on)[organization.pk]
    try:
        plan = plan_term(
            kind=Kind(then["kind"]),
            unit_type=UnitType(then["unit_type"]) if then["unit_type"] else None,
            elected_on=elected_on,
            elected_precision=Precision(elected_precision),
            stated_years=stated_years,
            stated_expires_on=stated_expires_on,
            document_no=document_no,
            large=organization.units.filter(is_large=True).exists() or None,
        )
    except UnknownUnitType:
        raise ValidationError(
            {"organization": f"请先登记“{organization.name}”的单位类别，任期年限由它决定。"}
        ) from None
    term = Term(
        organization=organization,
        body=body,
        ordinal=ordinal,
        elected_on=elected_on,
        elected_on_precision=elected_precision,
        years=plan.years,
        years_basis=plan.years_basis,
        expires_on=plan.expires_on,
        expires_on_precision=plan.expires_on_precision,
        stated_expires_on=plan.stated_expires_on,
        stated_years=plan.stated_years,
        document_no=document_no,
        early_approved_on=early_approved_on,
        early_document_no=early_document_no,
        method=method,
        is_backfilled=is_backfilled,
        kind_at_election=then["kind"],
        unit_type_at_election=then["unit_type"],
    )
    term.full_clean()
    term.save(force_insert=True)
    refresh([organization.pk])
    term.refresh_from_db()
    audit.record_event(
        kind="term.record",
        target=term,
        organization=organization,
        by=by,
        changes={"elected_on": [None, str(elected_on)], "expires_on": [None, str(term.expires_on)]},
    )
    return term


@transaction.atomic
def record_extension(
    *,
    term: Term,
    ends_on: date,
    by,
    kind: str = ExtensionKind.INDIVIDUAL,
    level: str = ApprovalLevel.SUPERIOR,
    reason: str = "",
    document_no: str = "",
    is_approved: bool = False,
    approved_by: str = "",
    approved_on: date | None = None,
) -> Extension:
    """Record an extension of `term` to `ends_on` (inclusive) and return it, with what it moves.

    It counts as approved with a document number, an approval day or
    `is_approved`; how far it counts is the law's (TERM-12), so nothing is cut here.
    """
    organization = term.organization
    require_right(by, Action.EDIT, organization)
    Organization.objects.select_for_update().get(pk=organization.pk)
    if ends_on <= term.expires_on:
        raise ValidationError({"ends_on": f"延期至的日期须晚于届满日期（{term.expires_on}）。"})
    extension = Extension(
        term=term,
        kind=kind,
        level=level,
        ends_on=ends_on,
        reason=reason,
        document_no=document_no.strip(),
        is_approved=bool(is_approved or document_no.strip() or approved_on),
        approved_by=approved_by,
        approved_on=approved_on,
    )
    extension.full_clean()
    extension.save(force_insert=True)
    refresh([organization.pk])
    extension.refresh_from_db()
    term.refresh_from_db()
    audit.record_event(
        kind="extension.record",
        target=extension,
        organization=organization,
        by=by,
        changes={"ends_on": [None, str(ends_on)], "document_no": [None, extension.document_no]},
    )
    return extension


@transaction.atomic
def record_appointment(*, organization: Organization, on: date, document_no: str, by) -> Appointment:
    """Record a committee appointed by the superior (指派) with its document: no term, not a 届 (TERM-19)."""
    require_right(by, Action.EDIT, organization)
    appointment = Appointment(organization=organization, on=on, document_no=document_no.strip())
    appointment.full_clean()
    appointment.save(force_insert=True)
    audit.record_event(
        kind="appointment.record",
        target=appointment,
        organization=organization,
        by=by,
        changes={"on": [None, str(on)], "document_no": [None, appointment.document_no]},
    )
    return appointment


@transaction.atomic
def plan_election(*, term: Term, planned_on: date | None, overdue_reason: str, by) -> None:
    """Enter on the sitting term when the next election is planned, to the day, and why it is late (TERM-22)."""
    require_right(by, Action.EDIT, term.organization)
    changes = {
        "planned_on": planned_on,
        "planned_on_precision": Precision.DAY,
        "overdue_reason": overdue_reason.strip(),
    }
    save_changes(term, changes=changes, by=by, kind="term.plan", organization=term.organization)


@transaction.atomic
def void_term(*, term: Term, reason: str, by) -> None:
    """Void a term, e.g. because the superior declared its election void: the one before sits again."""
    require_right(by, Action.EDIT, term.organization)
    Organization.objects.select_for_update().get(pk=term.organization_id)
    void(term, by=by, reason=reason, organization=term.organization)
    refresh([term.organization_id])


def refresh(organization_ids) -> int:
    """Compute anew what is derived on the terms and extensions of these organizations; the number of rows changed.

    Four reads and at most two writes whatever the number of organizations. The
    caller is inside a transaction and holds the organizations' locks.
    """
    ids = list(organization_ids)
    terms = list(Term.objects.filter(organization__in=ids).order_by("id"))
    extensions = list(Extension.objects.filter(term__organization__in=ids).order_by("id"))
    before_terms = {term.pk: [getattr(term, field) for field in DERIVED_ON_TERM] for term in terms}
    before_extensions = {each.pk: [getattr(each, field) for field in DERIVED_ON_EXTENSION] for each in extensions}
    derive(terms=terms, extensions=extensions, converted_on=history.conversions(ids))
    changed_terms = [t for t in terms if before_terms[t.pk] != [getattr(t, field) for field in DERIVED_ON_TERM]]
    changed_extensions = [
        e for e in extensions if before_extensions[e.pk] != [getattr(e, field) for field in DERIVED_ON_EXTENSION]
    ]
    Term.objects.bulk_update(changed_terms, DERIVED_ON_TERM, batch_size=500)
    Extension.objects.bulk_update(changed_extensions, DERIVED_ON_EXTENSION, batch_size=500)
    return len(changed_terms) + len(changed_extensions)


def derive(*, terms, extensions, converted_on: Mapping[int, Collection[date]], law: Law | None = None) -> None:
    """Set what is derived on rows in memory, saved or not: for bulk imports and for `refresh`.

    `terms` must hold all terms of their organizations that are not void,
    `extensions` all of these terms (linked by their `term` objects or ids);
    `converted_on` {organization id: days of its conversions}.
    """
    law = law or Law.builtin()
    by_body: dict[tuple, list[Term]] = {}
    for term in terms:
        by_body.setdefault((term.organization_id, term.body), []).append(term)
    by_term: dict[int, list[Extension]] = {}
    for extension in extensions:
        by_term.setdefault(extension.term_id, []).append(extension)
    for (organization_id, _), siblings in by_body.items():
        elections = [term.elected_on for term in siblings]
        converted = converted_on.get(organization_id, ())
        last = None
        for term in sorted(siblings, key=lambda each: each.elected_on):
            term.until = sitting_until(elected_on=term.elected_on, elections=elections, converted_on=converted)
            facts = _derive_extensions(term, by_term.get(term.pk, ()), law)
            # A term elected on the day of a conversion is the first of the new form.
            follows = last is not None and last.until == term.elected_on not in converted
            term.timing = timing(term.elected_on, last=last if follows else None, law=law)
            last = facts


def _derive_extensions(term: Term, extensions, law: Law) -> TermFacts:
    """Set what is derived on the extensions of a term, and on the term what they give it; the term as facts."""
    days = {"elected_on": term.elected_on, "expires_on": term.expires_on}
    rows = [(extension_facts(extension), extension) for extension in extensions]
    facts = tuple(fact for fact, _ in rows)
    # Two rows may say the same, so the facts are told apart as objects.
    approved = {id(each.extension): each for each in approved_extensions(**days, extensions=facts, law=law)}
    for fact, extension in rows:
        counted, approval = counted_extension(fact, **days, law=law), approved.get(id(fact))
        extension.effective_on = counted.effective_on if counted else None
        extension.counts_until = counted.counts_until if counted else None
        extension.works_on = approval.works_on if approval else None
        extension.turn = approval.turn if approval else None
        extension.is_too_late = bool(approval and approval.is_too_late)
        extension.is_over_cap = bool(approval and approval.is_over_cap)
    last = effective_extension(**days, extensions=facts, law=law)
    term.extended_until = last.counts_until if last else None
    term.extension_effective_on = last.effective_on if last else None
    return TermFacts(**days, until=term.until, extensions=facts)
