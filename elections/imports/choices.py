"""The choices of a preview as a page shows them: who there is to choose for, what was chosen by whom, the forms."""

from collections import Counter
from dataclasses import dataclass

from django import forms
from django.db.models import Q
from django.utils import timezone

from elections.imports import importer
from elections.models import Post
from members.imports.choices import TAKE
from members.models import Affiliation, IntakeRequest, Member
from orgs.enums import BatchState, ChoiceSubject, Title
from orgs.importing.choosing import KEEP, MAY_CHOOSE, Chooser, Listed, listed, numbers_of
from orgs.importing.report import masked
from orgs.models import ImportBatch, ImportChoice, User

# {what can be chosen for: how the batch's counts call these people}
COUNTED = {ChoiceSubject.MISSING: "missing", ChoiceSubject.TRANSFER: "transfer"}
# Where somebody goes: the one field of the page for either detail.
PLACES = {"out": "destination", "within": "wanted"}
HERE, FROM_ELSEWHERE = "划转到本支部", "申请转入本支部"
UNCHOSEN = "请选择"
ASKED = "已提出申请"
ELSEWHERE, NOWHERE = "现在其他党组织", "现在没有组织关系"


def chooser_of(batch: ImportBatch) -> Chooser | None:
    """What the batch's kind of roster lets choose; None when it lets choose nothing."""
    roster = importer.by_kind.get(batch.kind)
    return roster.chooser if roster is not None else None


def is_open(batch: ImportBatch) -> bool:
    """Whether something can be chosen now."""
    return batch.state in MAY_CHOOSE and batch.expires_at > timezone.now()


def told(batch: ImportBatch) -> str:
    """One sentence on what the confirm will do for single people; '' when there is nobody to choose for."""
    chooser = chooser_of(batch)
    if chooser is None or not is_open(batch):
        return ""
    chosen = numbers_of(batch.choices.all())
    acted = Counter()
    for (subject, choice), number in chosen.items():
        acted[subject] += number if choice != KEEP else 0
    stay, wait = (batch.counts.get(name, 0) - acted[subject] for subject, name in COUNTED.items())
    done = chooser.summary(chosen)
    parts = [f"将同时办理：{'、'.join(done)}"] if done else []
    if stay > 0:
        who = "其余" if acted[ChoiceSubject.MISSING] else "在册而名册中没有的"
        parts.append(f"{who}{stay}人保持不变")
    if wait > 0:
        parts.append(f"{wait}人的划转暂不办理")
    return "；".join(parts) + "。" if parts else ""


class ChoiceForm(forms.Form):
    """What becomes of one person, or of all that a list shows; which fields count follows from the choice."""

    choice = forms.ChoiceField(label="处理", required=False)
    on = forms.CharField(label="日期", required=False, max_length=10)
    place = forms.CharField(label="转往", required=False, max_length=120)
    document_no = forms.CharField(label="文号或介绍信编号", required=False, max_length=60)
    basis = forms.CharField(label="依据或说明", required=False, max_length=200)

    def __init__(self, *args, chooser: Chooser, subject: str, labels: dict[str, str] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        options = chooser.options[ChoiceSubject(subject)]
        self.fields["choice"].choices = [
            ("", UNCHOSEN),
            *((each.code, (labels or {}).get(each.code, each.label)) for each in options),
        ]
        self.fields["choice"].widget.attrs |= {
            "class": "form-select form-select-sm w-auto",
            "data-hj-choice": " ".join(
                f"{each.code}:{','.join('place' if name in PLACES.values() else name for name in each.fields)}"
                for each in options
            ),
        }
        taken = {name for each in options for name in each.fields}
        for name in ("on", "place", "document_no", "basis"):
            if name not in taken and not (name == "place" and taken & set(PLACES.values())):
                del self.fields[name]
                continue
            attrs = {"class": "form-control form-control-sm w-auto", "placeholder": self.fields[name].label}
            self.fields[name].widget.attrs |= attrs | {"aria-label": self.fields[name].label}
        self.fields["on"].widget.input_type = "date"

    def details(self) -> dict[str, str]:
        """The details that go with the choice, under the names of the option."""
        found = {name: self.cleaned_data.get(name, "") for name in ("on", "document_no", "basis")}
        place = PLACES.get(self.cleaned_data["choice"])
        return found | ({place: self.cleaned_data.get("place", "")} if place else {})

    def say(self, errors: dict[str, list[str]]) -> None:
        """Put what is wrong with details at the fields."""
        for name, sentences in errors.items():
            name = "place" if name in PLACES.values() else name
            self.add_error(name if name in self.fields else None, sentences)


class AllForm(ChoiceForm):
    """One choice for everybody whom the list shows."""

    only_open = forms.BooleanField(
        label="只处理尚未选择的人员",
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


def first_values(choice: ImportChoice | None, person: Listed) -> dict[str, str]:
    """What a person's form begins with: what was chosen, else the day that the roster states."""
    if choice is None:
        return {"on": person.day.isoformat() if person.day else ""}
    details = choice.details
    place = details.get("destination") or details.get("wanted") or ""
    return {**details, "choice": choice.choice, "place": place}


@dataclass(frozen=True)
class Person:
    """One person of the list: number masked, what to heed, what was chosen, and what came of it."""

    listed: Listed
    number: str
    notes: list[str]
    choice: ImportChoice | None
    labels: dict[str, str]
    result: str = ""


class People:
    """Everybody of one subject of a batch, those of a page with what a user may know of them."""

    def __init__(self, batch: ImportBatch, subject: str, *, user: User):
        self.batch, self.subject, self.user = batch, subject, user
        self.chooser = chooser_of(batch)
        self.all = listed(batch, subject, self.chooser) if self.chooser is not None else []
        choices = batch.choices.filter(subject=subject).select_related("by") if self.all else ()
        self.choices = {str(each.target_uid): each for each in choices}

    def places(self) -> list[tuple[str, int]]:
        """The organizations by name, with the numbers of their people, in the order of the list."""
        return list(Counter(each.place for each in self.all).items())

    def at(self, place: str) -> list[Listed]:
        """The people of an organization; '' all."""
        return [each for each in self.all if not place or each.place == place]

    def unchosen(self, place: str) -> list[Listed]:
        """Those for whom nobody has chosen yet."""
        return [each for each in self.at(place) if each.uid not in self.choices]

    def shown(self, part: list[Listed]) -> list[Person]:
        """The people of one page; as many queries for one as for fifty."""
        uids = [each.uid for each in part]
        if self.subject == ChoiceSubject.MISSING:
            return self._missing(part, uids)
        return self._transfers(part, uids)

    def _missing(self, part: list[Listed], uids: list[str]) -> list[Person]:
        known = {str(each.uid): each for each in Member.objects.visible_to(self.user).filter(uid__in=uids)}
        posts = Post.objects.visible_to(self.user).filter(member__uid__in=uids)
        posts = posts.filter(Q(until__isnull=True) | Q(until__gt=timezone.localdate())).order_by("id")
        held: dict[str, list[str]] = {}
        for uid, title, name in posts.values_list("member__uid", "title", "organization__name"):
            held.setdefault(str(uid), []).append(f"现任{name}{Title(title).label}，离开后请办理免职并按规定补选")
        return [
            Person(
                each,
                known[each.uid].masked_id_number if each.uid in known else "",
                held.get(each.uid, []),
                self.choices.get(each.uid),
                {},
            )
            for each in part
        ]

    def _transfers(self, part: list[Listed], uids: list[str]) -> list[Person]:
        """Where somebody is now is named only to those who may change it there; all others are told alike."""
        present = Affiliation.objects.regular().filter(member__uid__in=uids, until__isnull=True)
        present = present.select_related("organization", "member")
        places = {str(each.member.uid): f"现在“{each.organization.name}”" for each in present}
        own = Member.objects.editable_by(self.user).filter(uid__in=uids).values_list("uid", flat=True)
        own = {str(uid): places.get(str(uid), NOWHERE) for uid in own}
        answers = self._answers(uids)
        return [
            Person(
                each,
                masked(each.row.record.get("id_number", "")) if each.row else "",
                [own.get(each.uid, ELSEWHERE)],
                self.choices.get(each.uid),
                {TAKE: HERE if each.uid in own else FROM_ELSEWHERE},
                answers.get((each.uid, each.organization), ""),
            )
            for each in part
        ]

    def _answers(self, uids: list[str]) -> dict[tuple[str, int], str]:
        """What came of requests that this batch's branches made for these people."""
        if self.batch.state != BatchState.APPLIED:
            return {}
        asked = IntakeRequest.objects.asked_by(self.user).filter(member__uid__in=uids).order_by("id")
        rows = asked.values_list("member__uid", "to_id", "outcome", "answer")
        labels = dict(IntakeRequest._meta.get_field("outcome").flatchoices)
        return {
            (str(uid), to): (labels.get(outcome, ASKED) + (f"：{answer}" if answer else ""))
            for uid, to, outcome, answer in rows
        }
