"""A closed day beside what is known today: which organizations would stand otherwise, in what, and what was done."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from elections.law import law_for
from elections.ledger import URGENCY
from elections.models import Appointment, Election, Extension, Freeze, FrozenRow, Term
from elections.states_sql import with_state
from orgs import history
from orgs.admin.history import what_was_done
from orgs.days import spoken, written
from orgs.enums import Kind, State
from orgs.models import AuditEvent, Organization
from orgs.wording import NONE

# Up to so many things done are told of one organization.
MOST_DEEDS = 4


@dataclass(frozen=True)
class Standing:
    """How one organization stands on a day, as far as a closed ledger is compared with today's knowledge."""

    name: str
    code: str
    kind: str
    state: State
    days: int | None
    expires_on: date | None
    extended_to: date | None


@dataclass(frozen=True)
class Correction:
    """One organization that would stand otherwise in the ledger of the closed day if it were made now."""

    uid: object
    name: str
    code: str
    # None where it was not, or is no longer, in the ledger of that day.
    then: Standing | None
    now: Standing | None
    differences: tuple[str, ...]
    deeds: tuple[str, ...]


def corrections(freeze: Freeze, user) -> tuple[list[Correction], dict[State, int]]:
    """What differs between the closed ledger and the one of today's knowledge, by name, and today's counts by state.

    A fixed number of queries. `user` must be allowed to see the node of the freeze; what left its subtree since is told
    by its name of then. The words of findings are kept in the closed ledger and not compared.
    """
    now = _now(freeze, user)
    counts = dict.fromkeys(URGENCY, 0)
    for standing in now.values():
        counts[standing.state] += 1
    then = {row.organization_uid: _standing_then(row) for row in freeze.rows.all()}
    differing = [uid for uid in {**then, **now} if then.get(uid) != now.get(uid)]
    deeds = _deeds(differing, freeze)
    found = []
    for uid in differing:
        before, after = then.get(uid), now.get(uid)
        known = after or before
        found.append(
            Correction(
                uid=uid,
                name=known.name,
                code=known.code,
                then=before,
                now=after,
                differences=tuple(_differences(before, after)),
                deeds=tuple(deeds.get(uid, ())),
            )
        )
    return sorted(found, key=lambda each: (each.name, each.code)), counts


def _now(freeze: Freeze, user) -> dict:
    """{uid: Standing} of the subtree on the closed day, by the terms, changes and law of today's knowledge."""
    node, on = freeze.organization, freeze.on
    law = law_for(node)
    existing = Organization.objects.visible_to(user).under(node).existing(on)
    rows = list(with_state(existing, on=on, law=law, fields=["state", "days", "expires_on", "extended_to"]))
    values = history.values_on(rows, on)
    return {
        row.uid: Standing(
            name=values[row.pk]["name"],
            code=row.code,
            kind=values[row.pk]["kind"],
            state=State(row.state),
            days=row.days,
            expires_on=row.expires_on,
            extended_to=row.extended_to,
        )
        for row in rows
    }


def _standing_then(row: FrozenRow) -> Standing:
    return Standing(
        name=row.name,
        code=row.code,
        kind=row.kind,
        state=State(row.state),
        days=row.days,
        expires_on=row.expires_on,
        extended_to=row.extended_to,
    )


def _differences(then: Standing | None, now: Standing | None) -> list[str]:
    """What is otherwise, each as 项目：结账时 → 现在; `days` follow from the dates and are not told beside them."""
    if then is None:
        return [f"结账时未列入，现为{now.state.label}"]
    if now is None:
        return [f"结账时为{then.state.label}，现不列入"]
    told = [
        ("名称", then.name, now.name),
        ("统一编码", then.code or NONE, now.code or NONE),
        ("组织类别", Kind(then.kind).label, Kind(now.kind).label),
        ("状态", then.state.label, now.state.label),
        ("届满日期", written(then.expires_on) or NONE, written(now.expires_on) or NONE),
        ("延期至", written(then.extended_to) or NONE, written(now.extended_to) or NONE),
    ]
    return [f"{label}：{old} → {new}" for label, old, new in told if old != new] or [f"天数：{then.days} → {now.days}"]


def _deeds(uids: list, freeze: Freeze) -> dict:
    """{organization uid: what was done to it and to its terms since the closing, the latest first}, in words."""
    organizations = dict(Organization.everything.filter(uid__in=uids).values_list("pk", "uid"))
    owners = {uid: uid for uid in organizations.values()}
    made: dict = {}
    for model, key in (
        (Term, "organization_id"),
        (Extension, "term__organization_id"),
        (Election, "organization_id"),
        (Appointment, "organization_id"),
    ):
        rows = model.everything.filter(**{f"{key}__in": organizations})
        for uid, owner, at in rows.values_list("uid", key, "created_at"):
            owners[uid] = organizations[owner]
            if at > freeze.created_at:
                made[uid] = (at, f"登记{model._meta.verbose_name}")
    events = AuditEvent.objects.filter(Q(target_uid__in=owners), at__gt=freeze.created_at).order_by("-at", "-id")
    found: dict = {}
    for event in events:
        made.pop(event.target_uid, None)  # it tells of its own making
        found.setdefault(owners[event.target_uid], []).append((event.at, what_was_done(event)))
    for uid, (at, words) in made.items():
        # From a roster: its import is one event for all of them.
        found.setdefault(owners[uid], []).append((at, f"导入名册，{words}"))
    return {
        owner: [_dated(at, words) for at, words in sorted(each, reverse=True)[:MOST_DEEDS]]
        for owner, each in found.items()
    }


def _dated(at, words: str) -> str:
    return f"{spoken(timezone.localdate(at))}{words}"
