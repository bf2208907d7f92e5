"""What would clash if people's rows that a step ended or changed came back: said alike wherever it stands.

A `source` is whatever has `effects` (rows of a subclass of Effect): an operation, a batch.
"""

from django.db.models import Q

from members.models import Affiliation, IntakeRequest, Member, Standing, TransferRequest

CAME_BACK = "该党员已有新的组织关系"
BEGAN_AGAIN = "该党员的同一情形已重新登记"
ASKED_AGAIN = "该党员已有新的转接申请，或者组织关系已不在原转出方"
ASKED_IN_AGAIN = "申请方已重新申请转入该党员"
NUMBER_TAKEN = "原公民身份号码已登记给其他党员"


def taken_since(source) -> list[str]:
    """A sentence for each row about people that cannot come back because something took its place since."""
    own = set(source.effects.values_list("target_uid", flat=True))
    found = []
    for model, sentence, same in (
        (Affiliation, CAME_BACK, ("member_id",)),
        (Standing, BEGAN_AGAIN, ("member_id", "kind")),
    ):
        for row in _ended(source, model):
            others = model.objects.filter(**{name: getattr(row, name) for name in same}).exclude(uid__in=own)
            if model is Affiliation:
                others = others.regular()
            if others.filter(Q(until__isnull=True) | Q(until__gt=row.until)).exists():
                found.append(sentence)
    for request in _answered(source, TransferRequest):
        others = TransferRequest.objects.open().filter(member=request.member_id).exclude(pk=request.pk)
        present = Affiliation.objects.regular().filter(member=request.member_id, until__isnull=True)
        # An acceptance that is taken back brings the person back to the origin itself.
        stays = present.filter(Q(organization=request.origin_id) | Q(uid__in=own)).exists()
        if others.exists() or not stays:
            found.append(ASKED_AGAIN)
    for request in _answered(source, IntakeRequest):
        others = IntakeRequest.objects.open().filter(member=request.member_id, to=request.to_id)
        if others.exclude(pk=request.pk).exists():
            found.append(ASKED_IN_AGAIN)
    former = [
        effect.before["id_number_index"]
        for effect in source.effects.filter(table=Member._meta.label_lower, before__isnull=False)
        if effect.before.get("id_number_index")
    ]
    if former and Member.objects.filter(id_number_index__in=former).exclude(uid__in=own).exists():
        found.append(NUMBER_TAKEN)
    return found


def _answered(source, model) -> list:
    """Requests that the source answered, and that its undo would open again."""
    effects = source.effects.filter(table=model._meta.label_lower, before__isnull=False)
    uids = [effect.target_uid for effect in effects if "decided_at" in effect.before]
    return list(model.objects.filter(uid__in=uids))


def _ended(source, model) -> list:
    """Rows that the source ended."""
    effects = source.effects.filter(table=model._meta.label_lower)
    uids = [effect.target_uid for effect in effects if "until" in (effect.before or {}) and effect.after]
    return list(model.objects.filter(uid__in=uids, until__isnull=False))
