"""What would clash if people's rows that a step ended or changed came back: said alike wherever it stands.

A `source` is whatever has `effects` (rows of a subclass of Effect): an operation, a batch.
"""

from collections import defaultdict

from members.models import Affiliation, IntakeRequest, Member, Standing, TransferRequest
from orgs.effects import written
from orgs.enums import AffiliationKind
from orgs.importing.batching import in_chunks

CAME_BACK = "该党员已有新的组织关系"
CAME_AGAIN = "该党员已重新登记为流入党员"
BEGAN_AGAIN = "该党员的同一情形已重新登记"
ASKED_AGAIN = "该党员已有新的转接申请，或者组织关系已不在原转出方"
ASKED_IN_AGAIN = "申请方已重新申请转入该党员"
NUMBER_TAKEN = "原公民身份号码已登记给其他党员"


def taken_since(source) -> list[str]:
    """A sentence for each row about people that cannot come back because something took its place since."""
    found = []
    for model, sentence in ((Affiliation, CAME_BACK), (Standing, BEGAN_AGAIN)):
        ended = _ended(source, model)
        others = _others_of(source, model, {row.member_id for row in ended})
        for row in ended:
            if any(_is_alike(row, each) and not _ended_by(each, row.until) for each in others[row.member_id]):
                is_stay = model is Affiliation and row.kind != AffiliationKind.REGULAR
                found.append(CAME_AGAIN if is_stay else sentence)
    for request in _answered(source, TransferRequest):
        others = TransferRequest.objects.open().filter(member=request.member_id).exclude(pk=request.pk)
        present = Affiliation.objects.regular().filter(member=request.member_id, until__isnull=True).first()
        # An acceptance that is taken back brings the person back to the origin itself.
        stays = present is not None and (present.organization_id == request.origin_id or not _not_of(source, [present]))
        if others.exists() or not stays:
            found.append(ASKED_AGAIN)
    for request in _answered(source, IntakeRequest):
        others = IntakeRequest.objects.open().filter(member=request.member_id, to=request.to_id)
        if others.exclude(pk=request.pk).exists():
            found.append(ASKED_IN_AGAIN)
    former = [
        (effect.target_uid, effect.before["id_number_index"])
        for effect in _changed(source, Member, "id_number_index")
        if effect.before.get("id_number_index")
    ]
    for uid, index in former:
        if _not_of(source, Member.objects.filter(id_number_index=index).exclude(uid=uid)):
            found.append(NUMBER_TAKEN)
            break
    return found


def _answered(source, model) -> list:
    """Requests that the source answered, and that its undo would open again."""
    uids = _changed(source, model, "decided_at").values_list("target_uid", flat=True)
    return [row for part in in_chunks(uids) for row in model.objects.filter(uid__in=part)]


def _ended(source, model) -> list:
    """Rows that the source ended."""
    uids = _changed(source, model, "until").values_list("target_uid", flat=True)
    return [row for part in in_chunks(uids) for row in model.objects.filter(uid__in=part, until__isnull=False)]


def _others_of(source, model, members: set[int]) -> dict[int, list]:
    """{person: rows of one table about them that the source did not write}; a few queries for a thousand people."""
    others: dict[int, list] = defaultdict(list)
    for part in in_chunks(members):
        rows = list(model.objects.filter(member__in=part))
        effects = source.effects.filter(table=model._meta.label_lower, target_uid__in=[row.uid for row in rows])
        own = set(effects.values_list("target_uid", flat=True))
        for row in rows:
            if row.uid not in own:
                others[row.member_id].append(row)
    return others


def _is_alike(row, other) -> bool:
    """Whether two rows of one person cannot last at once: a stay clashes with one at the same place only."""
    is_stay = isinstance(row, Affiliation) and row.kind != AffiliationKind.REGULAR
    return row.kind == other.kind and (not is_stay or row.organization_id == other.organization_id)


def _ended_by(row, day) -> bool:
    return row.until is not None and row.until <= day


def _changed(source, model, column):
    """Effects on rows that were there before and after, and whose `column` the source wrote."""
    return written.notes(source, model, **written.CHANGED, before__has_key=column)


def _not_of(source, rows) -> bool:
    """Whether one of these rows was not written by the source itself."""
    return any(not source.effects.filter(table=row._meta.label_lower, target_uid=row.uid).exists() for row in rows)
