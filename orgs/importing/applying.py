"""Writing a confirmed batch: checked anew against the books, in one transaction, whole or not at all."""

from collections import Counter

from django.db import transaction

from orgs import audit
from orgs.enums import BatchState, RosterKind
from orgs.importing import preview as previews
from orgs.importing.checking import UNCHANGED, recognized
from orgs.importing.choosing import Chosen
from orgs.importing.effects import Writer
from orgs.importing.parts import OpenedPart, PreviewRow
from orgs.importing.recalling import Recall
from orgs.importing.refusals import BatchClosed
from orgs.importing.roster import Roster
from orgs.importing.rows import RosterRow, Scope
from orgs.models import ImportBatch, Organization


class BooksChanged(Exception):
    """The books no longer are what the preview was made from; nothing was written. `rows` would turn out otherwise."""

    def __init__(self, rows: int):
        self.rows = rows
        super().__init__(rows)


def apply(batch: ImportBatch, rosters: dict[RosterKind, type[Roster]], by) -> Counter[str]:
    """Check the batch's good rows anew and write them; return how many rows of which table were written.

    One transaction holds the batch's row from beginning to end, and does what was chosen for single people.
    BooksChanged, BatchClosed, ChoicesRefused.
    """
    scope = Scope(by, batch.organization, batch.on)
    kind = rosters[RosterKind(batch.kind)]
    head = previews.head(batch)
    # Of the small kinds the file is read again, before anything is locked.
    found = None if kind.part_size else recognized(batch, tuple(rosters.values()), head.mapping)
    roster = kind() if found is None else found.roster
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().defer("file_sealed").get(pk=batch.pk)
        if locked.state != BatchState.APPLYING:
            raise BatchClosed(locked.state)
        keys = sorted({locked.organization_id, *head.organizations})
        list(Organization.everything.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
        writer = Writer(locked)
        chosen = Chosen(locked, roster.chooser, scope)
        roster.begin(scope)
        changed = 0
        if found is not None:
            # All rows, good or not, as the file has them.
            changed = _write(list(previews.rows_of(locked, records=False)), found.rows, roster, chosen, writer)
        else:
            recall = Recall(head, roster)
            for part in previews.opened_parts(locked):
                changed += _write_stored(part, recall, roster, chosen, writer if not changed else None)
        changed += chosen.outdated()
        if changed:
            raise BooksChanged(changed)
        roster.finish_writing(writer)
        chosen.carry_out(writer)
        writer.finish()
        locked.state = BatchState.APPLIED
        locked.message = applied_message(locked.counts, writer.written.total(), chosen)
        locked.version += 1
        audit.record_event(
            kind="import.apply",
            target=locked,
            organization=locked.organization,
            by=by,
            changes={
                "kind": [None, locked.kind],
                "file_sha256": [None, locked.file_sha256],
                "counts": [None, locked.counts],
                "written": [None, dict(writer.written)],
            },
        )
        locked.save(update_fields=["state", "message", "version"])
    return writer.written


def _write_stored(part: OpenedPart, recall: Recall, roster: Roster, chosen: Chosen, writer: Writer | None) -> int:
    """Write the good rows of a stored part; as `_write` otherwise."""
    roster.hold_back(part.left_out)
    promised = part.rows(roster.write_plain(part, recall, writer) if writer is not None else part.good)
    return _write(promised, [recall.row(row) for row in promised], roster, chosen, writer)


def _write(
    promised: list[PreviewRow], rows: list[RosterRow], roster: Roster, chosen: Chosen, writer: Writer | None
) -> int:
    """Examine rows anew and write them; return how many turn out otherwise than promised.

    When some do, or without `writer`, nothing is written.
    """
    roster.examine_part([row for row in rows if not row.skipped])
    changed = sum(not old.promises(row) for old, row in zip(promised, rows, strict=True))
    chosen.see(rows)
    if not changed and writer is not None:
        roster.write_part(rows, writer)
    return changed


def applied_message(counts: dict[str, int], written: int, chosen: Chosen) -> str:
    """One sentence on what was written."""
    if not written:
        return UNCHANGED
    text = f"已导入：新增 {counts['new']} 行，变更 {counts['changed']} 行，无变化 {counts['unchanged']} 行。"
    if counts["bad"]:
        text += f"有错误的 {counts['bad']} 行没有导入，请改正后重新上传。"
    if left := counts["transfer"] - chosen.transfers:
        text += f"待确认划转的 {left} 行没有写入。"
    return text + chosen.words()
