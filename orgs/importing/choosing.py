"""What is chosen on a preview for single people: whom the roster does not name, and who comes from elsewhere.

A choice waits with the batch for the confirm, for whoever does it; without one people stay as they are. What can be
chosen, and what it does, a kind of roster says by its `Chooser`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from orgs import audit
from orgs.enums import Action, BatchState, ChoiceSubject
from orgs.importing import preview as previews
from orgs.importing.parts import PreviewRow, step_key
from orgs.importing.refusals import BatchClosed, ChoicesRefused, ImportRefused
from orgs.importing.rows import Scope, Step
from orgs.models import ImportBatch, ImportChoice
from orgs.scoping import require_right

# Leaves somebody as they are; chosen explicitly it says that a person looked at it.
KEEP = "keep"
MAY_CHOOSE = (BatchState.CHECKED, BatchState.FAILED)
# So many at once are tried before they are stored; more are only tried by the confirm.
TRIED = 100
NOT_LISTED = "所选人员不在这个批次的名单中，请刷新后重新选择。"


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen: its code, its words, and which details go with it (`required` ones first)."""

    code: str
    label: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """All details that it takes."""
        return (*self.required, *self.optional)


@dataclass(frozen=True)
class Listed:
    """Somebody about whom there is something to choose, as the preview names them.

    `place`: the organization by name; of a transfer `organization` is the key of the branch that the row names, `day`
    the one from which the person belongs there.
    """

    uid: str
    title: str
    place: str = ""
    organization: int | None = None
    day: date | None = None
    row: PreviewRow | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Wish:
    """A choice together with whom it is about."""

    listed: Listed
    choice: str
    details: dict[str, str]


class Chooser:
    """What a kind of roster lets its users choose; the base offers nothing."""

    options: Mapping[ChoiceSubject, tuple[Option, ...]] = {}

    def option(self, subject: str, code: str) -> Option | None:
        """The option with a code."""
        return next((each for each in self.options.get(ChoiceSubject(subject), ()) if each.code == code), None)

    def listed(self, row: PreviewRow, batch: ImportBatch) -> Listed:
        """A row that proposes a transfer as somebody to choose for."""
        raise NotImplementedError

    def cleaned(self, option: Option, details: Mapping[str, str], by) -> dict[str, str]:
        """The details as they are stored; ValidationError {detail: sentence} where they do not fit the option."""
        raise NotImplementedError

    def gone(self, missing: Sequence[Wish], scope: Scope) -> int:
        """How many of those whom a roster did not name are no longer where the preview saw them."""
        raise NotImplementedError

    def carry_out(self, wishes: Sequence[Wish], scope: Scope, writer=None) -> dict[str, str]:
        """Do what was chosen, by the same services as by hand; {uid: sentence} of those for whom it cannot be done.

        Inside the caller's transaction; what is written is noted with `writer`.
        """
        raise NotImplementedError

    def summary(self, numbers: Mapping[tuple[str, str], int]) -> list[str]:
        """Words for {(subject, option): number of people}, as 「停止党籍1人」; those who stay are left out."""
        found = []
        for subject, options in self.options.items():
            for option in options:
                if option.code != KEEP and (number := numbers.get((subject.value, option.code))):
                    found.append(f"{option.label}{number}人")
        return found


def listed_missing(batch: ImportBatch) -> list[Listed]:
    """Everybody on the books whom the roster does not name, in the order of the lists."""
    return [Listed(each.uid, each.title, each.place) for each in previews.head(batch).missing]


def listed_transfers(batch: ImportBatch, chooser: Chooser) -> list[Listed]:
    """Everybody whom the roster names and the books have elsewhere, in the order of the file."""
    key = step_key(Step.TRANSFER)
    most = max(batch.counts.get("transfer", 0), 1)
    _, rows = previews.page_of(batch, key, 1, most)
    return [chooser.listed(row, batch) for row in rows if row.uid]


def listed(batch: ImportBatch, subject: str, chooser: Chooser) -> list[Listed]:
    """Everybody about whom something can be chosen under a subject."""
    return listed_missing(batch) if subject == ChoiceSubject.MISSING else listed_transfers(batch, chooser)


@transaction.atomic
def choose(
    *,
    batch: ImportBatch,
    chooser: Chooser | None,
    subject: str,
    targets: Iterable[str],
    choice: str,
    details: Mapping[str, str],
    by,
    expected: Mapping[str, int] | None = None,
) -> list[ImportChoice]:
    """Store one choice for the people `targets` (uids) of a batch, in place of what was chosen before.

    `expected` {uid: version of the choice that was shown, 0 for none}: ImportRefused where somebody else chose
    meanwhile. PermissionDenied without the right to change the batch's organization; BatchClosed unless it waits for
    its confirm; ImportRefused when somebody is not listed; ValidationError {detail: sentences} when details do not
    fit, or it cannot be done for somebody.
    """
    require_right(by, Action.EDIT, batch.organization)
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state not in MAY_CHOOSE:
        raise BatchClosed(locked.state)
    if locked.expires_at <= timezone.now():
        raise BatchClosed(BatchState.EXPIRED)
    option = chooser.option(subject, choice) if chooser is not None else None
    wanted = dict.fromkeys(targets)
    people = {each.uid: each for each in listed(locked, subject, chooser)} if option is not None else {}
    if option is None or not wanted or wanted.keys() - people.keys():
        raise ImportRefused(NOT_LISTED)
    cleaned = chooser.cleaned(option, details, by)
    stored = {str(each.target_uid): each for each in locked.choices.filter(subject=subject, target_uid__in=wanted)}
    for uid, version in (expected or {}).items():
        known = stored.get(uid)
        if uid in wanted and version != (known.version if known else 0):
            raise ImportRefused(f"“{people[uid].title}”刚被他人重新选择，请核对后再保存。")
    if choice != KEEP and len(wanted) <= TRIED:
        _try(chooser, [Wish(people[uid], choice, cleaned) for uid in wanted], Scope(by, locked.organization, locked.on))
    made = [
        ImportChoice(
            batch=locked,
            subject=subject,
            target_uid=UUID(uid),
            choice=choice,
            details=cleaned,
            by=by,
            at=timezone.now(),
            version=stored[uid].version + 1 if uid in stored else 1,
        )
        for uid in wanted
    ]
    ImportChoice.objects.bulk_create(
        made,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["batch", "subject", "target_uid"],
        update_fields=["choice", "details", "by", "at", "version"],
    )
    if locked.state == BatchState.CHECKED:  # a refusal of the choice before says nothing any more
        ImportBatch.objects.filter(pk=locked.pk).update(message=previews.head(locked).message[:300])
    audit.record_event(
        kind="import.choose",
        target=locked,
        organization=locked.organization,
        by=by,
        changes={"subject": [None, str(subject)], "choice": [None, choice], "people": [None, len(made)]},
    )
    return made


class Chosen:
    """The choices of one batch on their way through its confirm."""

    def __init__(self, batch: ImportBatch, chooser: Chooser | None, scope: Scope):
        self._chooser, self._scope = chooser, scope
        stored = batch.choices.exclude(choice=KEEP) if chooser is not None else ()
        self._choices = {(each.subject, str(each.target_uid)): each for each in stored}
        self._transfers = {uid for subject, uid in self._choices if subject == ChoiceSubject.TRANSFER}
        self._proposed: set[str] = set()
        self.done: Counter[tuple[str, str]] = Counter()
        self._batch = batch

    def see(self, rows: Iterable) -> None:
        """Note which of the rows, as they are compared now, still propose a transfer."""
        if self._transfers:
            self._proposed.update(row.uid for row in rows if row.step == Step.TRANSFER and row.uid in self._transfers)

    def outdated(self) -> int:
        """How many choices are about people who are not where the preview saw them (transfers that came true aside)."""
        if not self._choices:
            return 0
        self._missing = [
            Wish(each, choice.choice, choice.details)
            for each in listed_missing(self._batch)
            if (choice := self._choices.get((ChoiceSubject.MISSING.value, each.uid)))
        ]
        chosen = sum(subject == ChoiceSubject.MISSING for subject, _ in self._choices)
        return chosen - len(self._missing) + self._chooser.gone(self._missing, self._scope)

    def carry_out(self, writer) -> None:
        """Do everything that was chosen; ChoicesRefused, with the reasons, when something of it cannot be done."""
        if not self._choices:
            return
        wishes = list(self._missing)
        if self._transfers:
            wishes += [
                Wish(each, choice.choice, choice.details)
                for each in listed_transfers(self._batch, self._chooser)
                if each.uid in self._proposed
                and (choice := self._choices.get((ChoiceSubject.TRANSFER.value, each.uid)))
            ]
        refused = self._chooser.carry_out(wishes, self._scope, writer)
        if refused:
            raise ChoicesRefused([f"{wish.listed.title}：{refused[wish.listed.uid]}" for wish in wishes
                                  if wish.listed.uid in refused])  # fmt: skip
        self.done = numbers_of(self._choices[key] for key in self._keys(wishes))

    @property
    def transfers(self) -> int:
        """How many proposed transfers were dealt with."""
        return sum(number for (subject, _), number in self.done.items() if subject == ChoiceSubject.TRANSFER)

    def words(self) -> str:
        """A sentence on what was done; '' when nothing was chosen."""
        parts = self._chooser.summary(self.done) if self.done else []
        return f"同时办理：{'、'.join(parts)}。" if parts else ""

    def _keys(self, wishes: Iterable[Wish]) -> list[tuple[str, str]]:
        uids = {wish.listed.uid for wish in wishes}
        return [key for key in self._choices if key[1] in uids]


def numbers_of(choices: Iterable[ImportChoice]) -> Counter[tuple[str, str]]:
    """{(subject, choice): number of people}."""
    return Counter((each.subject, each.choice) for each in choices)


def drop_unlisted(batch: ImportBatch, chooser: Chooser | None) -> int:
    """Remove choices about people whom a renewed preview does not list any more; return how many."""
    gone = []
    for subject in chooser.options if chooser is not None else ():
        known = {each.uid for each in listed(batch, subject, chooser)}
        stored = batch.choices.filter(subject=subject).values_list("pk", "target_uid")
        gone += [key for key, uid in stored if str(uid) not in known]
    for start in range(0, len(gone), 1000):
        batch.choices.filter(pk__in=gone[start : start + 1000]).delete()
    return len(gone)


def _try(chooser: Chooser, wishes: Sequence[Wish], scope: Scope) -> None:
    """ValidationError with a sentence for each person for whom it cannot be done; nothing is kept of trying."""
    refused: dict[str, str] = {}
    _rolled_back(lambda: refused.update(chooser.carry_out(wishes, scope)))
    if refused:
        raise ValidationError([f"{wish.listed.title}：{refused[wish.listed.uid]}" for wish in wishes
                               if wish.listed.uid in refused])  # fmt: skip


def _rolled_back(work: Callable[[], object]) -> None:
    with transaction.atomic():
        work()
        transaction.set_rollback(True)
