"""The numbers of members that a row of an organization ledger declares: full, probationary, all."""

from orgs.importing.codes import Code
from orgs.importing.rows import RosterRow


def declared_numbers(row: RosterRow) -> tuple[int, int] | None:
    """(full, probationary) as the row declares them; None where it does not tell full members apart.

    A total (党组织党员人数 of the exchange standard) fills in the one of the two that is missing. By itself it is not
    stored, because 3 and 7 are about full members; nor is one that contradicts the other numbers. Both get a word.
    """
    total, full, probationary = row.get("members"), row.get("formal"), row.get("probationary")
    if total is None:
        return None if full is None else (full, probationary or 0)
    if full is None and probationary is None:
        _report(row, "没有同时填写正式党员数或预备党员数，分不出正式和预备，人数没有导入，请补填。")
        return None
    stated = total - (probationary or 0) if full is None else full
    rest = total - stated if probationary is None else probationary
    if stated + rest != total or min(stated, rest) < 0:
        _report(row, "与正式党员数、预备党员数不符，没有采用，请核对。")
        return None if full is None else (full, probationary or 0)
    return stated, rest


def _report(row: RosterRow, why: str) -> None:
    message = f"「{row.sheet.header.title('members')}」{row.get('members')}名，{why}"
    row.report(Code.ENUM_UNKNOWN, "members", value=str(row.get("members")), message=message)
