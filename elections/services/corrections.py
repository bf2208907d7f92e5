"""更正: putting a wrong fact right, at once or after a second person agreed."""

from datetime import date

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from elections.law import law_for
from elections.models import Correction, Extension, Post, Term
from elections.rules.terms import UnknownUnitType
from elections.services import terms
from orgs import audit, history
from orgs.days import spoken
from orgs.effects.columns import stored
from orgs.enums import Action, Kind, Precision, UnitType
from orgs.models import Organization
from orgs.scoping import require_right
from orgs.services.records import save_changes

VOID = "void"
"""The pseudo field by which a record that never should have been is taken out of the books."""

# What may be corrected, and what of it needs a second person (issue: election days and extensions).
CORRECTABLE: dict[type[models.Model], frozenset[str]] = {
    Term: frozenset(
        {
            "elected_on",
            "ordinal",
            "stated_years",
            "document_no",
            "method",
            "early_approved_on",
            "early_document_no",
            VOID,
        }
    ),
    Extension: frozenset({"ends_on", "approved_on", "approved_by", "document_no", "level", "reason", VOID}),
    Post: frozenset({"title", "seat", "holder_name", "member", "since", "until", VOID}),
}
SECOND: dict[type[models.Model], frozenset[str]] = {
    Term: frozenset({"elected_on", VOID}),
    Extension: CORRECTABLE[Extension],
    Post: frozenset(),
}

# Fields of a term from which its length and expiry follow.
DECIDING_LENGTH = frozenset({"elected_on", "stated_years", "document_no"})


def organization_of(record: Term | Extension | Post) -> Organization:
    """The organization whose books hold a record."""
    return record.term.organization if isinstance(record, Extension) else record.organization


def subject_of(record: Term | Extension | Post) -> str:
    """What a record is, in words."""
    if isinstance(record, Term):
        return f"{spoken(record.elected_on, record.elected_on_precision)}换届的一届"
    if isinstance(record, Extension):
        return f"延期至{spoken(record.ends_on)}的批复"
    return f"{record.get_title_display()}{record.holder_name}的任职"


@transaction.atomic
def correct(*, record: Term | Extension | Post, changes: dict, reason: str, by) -> Correction:
    """Correct fields of a record (field → new value; VOID: True takes it out of the books), or ask for it.

    An election day and whatever concerns an extension waits for a second person: nothing changes until `decide`.
    PermissionDenied without the right to change the organization; ValidationError when nothing differs, a field cannot
    be corrected, or a value does not fit.
    """
    organization = organization_of(record)
    require_right(by, Action.EDIT, organization)
    Organization.objects.select_for_update().get(pk=organization.pk)
    if foreign := changes.keys() - CORRECTABLE[type(record)]:
        raise TypeError(f"correct does not change {', '.join(sorted(foreign))}")
    before = {name: _plain(getattr(record, name)) for name in changes if name != VOID}
    after = {name: _plain(value) for name, value in changes.items() if name != VOID and _plain(value) != before[name]}
    if changes.get(VOID):
        after[VOID] = True
    if not after:
        raise ValidationError("填写的内容与现有记录一致，没有需要更正的。")
    correction = Correction(
        organization=organization,
        table=record._meta.label_lower,
        target_uid=record.uid,
        subject=subject_of(record)[:200],
        before={name: before.get(name) for name in after},
        after=after,
        reason=reason.strip(),
        by=by,
        needs_second=bool(after.keys() & SECOND[type(record)]),
    )
    correction.full_clean()
    correction.save(force_insert=True)
    audit.record_event(
        kind="correction.file" if correction.needs_second else "correction.make",
        target=correction,
        organization=organization,
        by=by,
        changes={"reason": [None, correction.reason]},
    )
    if not correction.needs_second:
        _apply(correction, record, by)
    return correction


@transaction.atomic
def decide(*, correction: Correction, is_granted: bool, answer: str = "", by) -> Correction:
    """Agree to a correction that waits, which makes it, or decline it with the reason.

    PermissionDenied for who filed it, unless they withdraw it; ValidationError when it was decided, or the record
    is no longer as it was when it was filed.
    """
    organization = correction.organization
    require_right(by, Action.EDIT, organization)
    Organization.objects.select_for_update().get(pk=organization.pk)
    correction = Correction.objects.select_for_update().get(pk=correction.pk)
    if correction.decided_at is not None or not correction.needs_second:
        raise ValidationError("这项更正已经复核。")
    if is_granted and correction.by_id == by.pk:
        raise PermissionDenied("更正须由另一人复核。")
    if not is_granted and not answer.strip():
        raise ValidationError({"answer": "请写明不同意或者撤回的理由。"})
    if is_granted:
        _apply(correction, target_of(correction), by)
    save_changes(
        correction,
        changes={"is_granted": is_granted, "answer": answer.strip(), "decided_by": by, "decided_at": timezone.now()},
        by=by,
        kind="correction.decide",
        organization=organization,
    )
    return correction


def target_of(correction: Correction) -> Term | Extension | Post:
    """The record that a correction is about; ValidationError when it is no longer on the books."""
    record = apps.get_model(correction.table).objects.filter(uid=correction.target_uid).first()
    if record is None:
        raise ValidationError("要更正的记录已经作废，请不同意这项更正。")
    return record


def _apply(correction: Correction, record: Term | Extension | Post, by) -> None:
    fields = {field.name: field for field in record._meta.concrete_fields}
    for name, value in correction.before.items():
        if name != VOID and _plain(getattr(record, name)) != value:
            raise ValidationError("更正提出以后，这条记录又有变动，请不同意后重新更正。")
    if correction.after.get(VOID):
        changes = {
            "voided_at": timezone.now(),
            "voided_by": by,
            "voided_reason": f"更正：{correction.reason}"[:200],
        }
    else:
        changes = {name: _value(fields[name], value) for name, value in correction.after.items()}
    elected_before = record.elected_on if isinstance(record, Term) else None
    if isinstance(record, Term) and changes.keys() & DECIDING_LENGTH:
        changes |= _planned(record, changes)
    save_changes(
        record,
        changes=changes,
        by=by,
        kind=f"{record._meta.model_name}.correct",
        organization=correction.organization,
    )
    if "elected_on" in changes:
        _move_posts(record, elected_before, by)
    terms.refresh([correction.organization_id])


def _plain(value):
    """A value as JSON keeps it; a related row by its uid."""
    return stored(getattr(value, "uid", value))


def _value(field: models.Field, plain):
    if field.is_relation:
        return field.related_model.objects.get(uid=plain) if plain else None
    return field.to_python(plain)


def _planned(term: Term, changes: dict) -> dict:
    """Length, basis and expiry of a term as they follow from its corrected values, by the law of its tree."""
    values = {name: changes.get(name, getattr(term, name)) for name in ("elected_on", "stated_years", "document_no")}
    # A corrected day is known to the day.
    precision = Precision.DAY if "elected_on" in changes else Precision(term.elected_on_precision)
    organization = term.organization
    then = history.values_on([organization], values["elected_on"])[organization.pk]
    try:
        plan = terms.plan_term(
            kind=Kind(then["kind"]),
            unit_type=UnitType(then["unit_type"]) if then["unit_type"] else None,
            elected_on=values["elected_on"],
            elected_precision=precision,
            stated_years=values["stated_years"] or (term.years if term.years_basis == terms.BY_DOCUMENT else None),
            # What a roster said of the expiry was said of the day it knew.
            stated_expires_on=None if "elected_on" in changes else term.stated_expires_on,
            document_no=values["document_no"],
            large=organization.units.filter(is_large=True).exists() or None,
            law=law_for(organization),
        )
    except UnknownUnitType:
        raise ValidationError("请先登记单位类别，任期年限由它决定。") from None
    return {
        "elected_on_precision": precision,
        "years": plan.years,
        "years_basis": plan.years_basis,
        "expires_on": plan.expires_on,
        "expires_on_precision": plan.expires_on_precision,
        "stated_expires_on": plan.stated_expires_on,
        "stated_years": plan.stated_years,
        "kind_at_election": then["kind"],
        "unit_type_at_election": then["unit_type"],
    }


def _move_posts(term: Term, elected_before: date, by) -> None:
    """Posts that ended or began with the election do so on its corrected day."""
    posts = Post.objects.filter(organization=term.organization, body=term.body)
    with_it = posts.filter(Q(since=elected_before) | Q(until=elected_before))
    for post in with_it.order_by("id"):
        name = "since" if post.since == elected_before else "until"
        save_changes(post, changes={name: term.elected_on}, by=by, kind="post.correct", organization=term.organization)
