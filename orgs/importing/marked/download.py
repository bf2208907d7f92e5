"""Who may have the marked copy of a batch's file, and that it is told to the log.

The copy holds everybody's full numbers, as the uploaded file does. Whoever may edit where the batch was uploaded for
has to mend the file and may have it; each download is an event of its own.
"""

from collections import defaultdict

from orgs import audit
from orgs.enums import Action, BatchState
from orgs.importing import preview as previews
from orgs.importing.files import file_of
from orgs.importing.marked import marked_copy
from orgs.importing.recognition.tables import HEADER
from orgs.importing.refusals import ImportRefused
from orgs.models import ImportBatch
from orgs.scoping import require_right

MOST_LISTED = 60_000  # a sheet holds 65,530 links
PURGED = "这个批次的原文件已按期清除，不能再下载批注后的原表。如需改正，请重新上传名册。"
REFUSED = {
    BatchState.REJECTED: "这份文件没有能够读取的名册，不能批注。请按页面上的提示改正后重新上传。",
    BatchState.CHECKING: "这个批次正在核对，完成后才能下载批注后的原表，请稍候。",
    BatchState.UNCHECKED: "这个批次的核对中断了，请先重新核对，再下载批注后的原表。",
}
NO_PROBLEM = "这份名册没有发现问题，不需要批注。"


def marked_file(*, batch: ImportBatch, only_bad: bool, by) -> tuple[bytes, str]:
    """The marked copy of the batch's file (with `only_bad` its rows in error alone) and its name.

    ImportRefused when there is none: rejected as a whole, not checked, without problems, or purged.
    PermissionDenied without the right to change where the batch was uploaded for.
    """
    require_right(by, Action.EDIT, batch.organization)
    if batch.state in REFUSED:
        raise ImportRefused(REFUSED[batch.state])
    if not batch.file_sealed or not batch.preview_sealed:
        raise ImportRefused(PURGED)
    issues = list(previews.head(batch).issues)
    first_rows: dict[str, int] = {}
    headers: dict[str, set[int]] = defaultdict(set)
    more = title = 0
    for row in previews.rows_of(batch, records=False):
        first_rows[row.sheet] = min(row.number, first_rows.get(row.sheet, row.number))
        if row.skipped.startswith(HEADER):
            # With its title, which may name the branch.
            headers[row.sheet] |= {row.number, title if title else row.number}
        title = row.number if row.skipped else 0
        more += len(row.issues) if len(issues) >= MOST_LISTED else 0
        issues.extend(row.issues if len(issues) < MOST_LISTED else ())
    if not issues:
        raise ImportRefused(NO_PROBLEM)
    data = file_of(batch)
    # Seconds of work: outside any transaction, and told to the log before anybody has the file.
    content, name = marked_copy(
        data, batch.file_name, issues, first_rows, headers=headers, only_bad=only_bad, more=more
    )
    audit.record_event(
        kind="import.marked",
        target=batch,
        organization=batch.organization,
        by=by,
        changes={"issues": [None, len(issues) + more], "only_bad": [None, only_bad]},
    )
    return content, name
