"""People typed into a form: a name, told apart by the month of birth where two share it, becomes a member or a name."""

import re

from django import forms

from elections.services.posts import Seated
from members.models import Affiliation, Member
from orgs import paths
from orgs.enums import Precision, Seat, Title
from orgs.importing.values import clean_name

# Seats on one form; 党委 have at most eleven.
SEATS = 11
TOLD_APART = re.compile(r"^(?P<name>.*?)[\s（(]*(?P<birth>[0-9]{4}-[0-9]{2})[）)]?$")
NAME_HELP = "在党员名册中的自动关联；有同名的，在姓名后写出生年月，如“王建国 1968-03”。"


def add_seat_fields(form: forms.Form) -> None:
    """Add `SEATS` pairs of post and name to a form."""
    titles = [("", "（空）"), *Title.choices()]
    for number in range(1, SEATS + 1):
        form.fields[f"title_{number}"] = forms.ChoiceField(label=f"职务 {number}", choices=titles, required=False)
        form.fields[f"name_{number}"] = forms.CharField(label=f"姓名 {number}", max_length=70, required=False)
        for name in (f"title_{number}", f"name_{number}"):
            form.fields[name].is_narrow = True
    form.fields["name_1"].help_text = NAME_HELP


def seated(form: forms.Form, *, on, seat: Seat = Seat.ELECTED) -> list[Seated]:
    """The people of the filled pairs; what is wrong is told at its field."""
    found = []
    for number in range(1, SEATS + 1):
        title, name = (form.cleaned_data.get(f"{part}_{number}") for part in ("title", "name"))
        if not title and not name:
            continue
        if not title or not name:
            missing = "title" if not title else "name"
            form.add_error(f"{missing}_{number}", "请选择职务。" if missing == "title" else "请填写姓名。")
            continue
        person = holder(form, f"name_{number}", on=on)
        if person is not None:
            found.append(Seated(title=Title(title), name=person[0], member=person[1], seat=seat))
    pairs = [(each.title, each.member.pk if each.member else each.name) for each in found]
    if len(set(pairs)) < len(pairs):
        form.add_error(None, "同一人的同一职务填写了两次，请删去一处。")
    return found


def holder(form: forms.Form, field: str, *, on) -> tuple[str, Member | None] | None:
    """(name, the member of the books or None) of the person typed into a field; None with an error at the field.

    Looked for among those whose 组织关系 is in the organization's subtree on the day.
    """
    typed = (form.cleaned_data.get(field) or "").strip()
    apart = TOLD_APART.match(typed)
    cleaned = clean_name(apart["name"] if apart else typed)
    if cleaned.value is None:
        form.add_error(field, "请填写姓名，不要含数字或者符号。")
        return None
    name = cleaned.value
    people = list(candidates(form.organization, form.user, on=on).filter(name=name).order_by("sort_key", "id"))
    if apart:
        people = [each for each in people if _month(each) == apart["birth"]]
        if not people:
            form.add_error(field, f"本党组织名册中没有{apart['birth']}出生的{name}，请核对。")
            return None
    if len(people) > 1:
        births = "、".join(_month(each) or "出生日期未填" for each in people)
        form.add_error(field, f"名册中有 {len(people)} 名{name}（{births}），请在姓名后写明出生年月。")
        return None
    return (name, people[0]) if people else (name, None)


def candidates(organization, user, *, on):
    """The people whose regular affiliation is in the subtree on a day, as far as the user may see them."""
    here = Affiliation.objects.regular().holding(on).filter(paths.subtree(organization.path, "organization__path"))
    return Member.objects.visible_to(user).filter(pk__in=here.values("member"))


def strangers(people: list[Seated]) -> list[str]:
    """A sentence for the check page when some are in no roster here."""
    names = [each.name for each in people if each.member is None]
    return [f"{'、'.join(names)}不在本党组织的党员名册中，将只登记姓名，不关联党员。"] if names else []


def _month(member: Member) -> str:
    if member.birth is None or member.birth_precision == Precision.YEAR:
        return ""
    return f"{member.birth:%Y-%m}"
