"""「下载批注后的原表」: the clerk's own file given back with every problem at its cell and a list of all problems.

Pure: bytes and issues in, bytes out. Who may have the file and that it is told to the log: `marked.download`.
"""

import io
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from orgs.enums import Severity
from orgs.importing.codes import Issue
from orgs.importing.marked import copies, formulas, listing, marks
from orgs.importing.marked.copies import MOST_CELLS, Copy
from orgs.importing.recognition.fill import DITTOS
from orgs.workbook import DEFAULT_LIMITS, STREAM_LIMITS, Workbook, read, stream
from orgs.workbook.cells import Cell
from orgs.workbook.example import is_problem_list

ENDING = "（已批注）"
EXCERPT_ENDING = "（有问题的行）"
EXCERPT_ONLY = "原表较大，未整份批注：后面只列出有问题的行，列与原表相同；改好后可以直接上传本文件。"
EXCERPT_ASKED = "后面只列出有问题的行，列与原表相同；改好后可以直接上传本文件。"
STREAMED = 2_000_000  # bytes; a larger file is read row by row
NO_HEADERS: Mapping[str, Collection[int]] = MappingProxyType({})
EXCERPT_CUT = "有问题的行过多，只带出前 {rows} 行，其余见问题清单；改正后重新上传。"


def marked_copy(
    data: bytes,
    file_name: str,
    issues: Sequence[Issue],
    first_rows: Mapping[str, int],
    *,
    headers: Mapping[str, Collection[int]] = NO_HEADERS,
    only_bad: bool = False,
    more: int = 0,
) -> tuple[bytes, str]:
    """The file with its problems marked, as (.xlsx, file name).

    `first_rows` {sheet title: number of the first row below its header}; `headers` the rows of the headers of further
    tables, which stay above what is left of them. With `only_bad`, and always for a file too
    large to be annotated (MOST_CELLS), only the rows in error (or, without any, those with a warning) are in it.
    `more` problems beyond `issues` are only counted. FileRejected when the bytes are no table any more, which those
    of a checked batch never are.
    """
    copy = None if only_bad else copies.loaded(data)
    results: dict[str, dict[str, Cell]] = {}
    if copy is not None:
        marks.clear(copy)
        listing.remove(copy)
        order = list(copy.sheets)
        if copy.has_formulas:
            results = formulas.results(copy.book, read(data, file_name, DEFAULT_LIMITS))
    else:
        workbook = _read(data, file_name)
        order = [sheet.title for sheet in workbook.sheets]
        if only_bad or _is_large(workbook):
            copy = _excerpt(workbook, issues, first_rows, headers, is_asked=only_bad)
        else:
            copy = copies.rebuilt(workbook, first_rows)
    addresses = marks.mark(copy, issues)
    listing.add(copy, issues, addresses, order, more)
    copies.keep_digits(copy)
    content = io.BytesIO()
    copy.book.save(content)
    whole = formulas.with_results(content.getvalue(), [sheet.title for sheet in copy.book.worksheets], results)
    return whole, _name(file_name, EXCERPT_ENDING if copy.rows is not None else ENDING)


def _read(data: bytes, file_name: str) -> Workbook:
    """The file as its import read it, without the list of problems of an earlier copy."""
    limits = STREAM_LIMITS if len(data) > DEFAULT_LIMITS.upload else DEFAULT_LIMITS
    workbook = (stream if len(data) > STREAMED else read)(data, file_name, limits)
    kept = [sheet for sheet in workbook.sheets if not is_problem_list(sheet)]
    return Workbook(workbook.format, kept)


def _is_large(workbook: Workbook) -> bool:
    room = MOST_CELLS
    for sheet in workbook.sheets:
        for _ in sheet.rows:
            room -= sheet.width
            if room < 0:
                return True
    return False


def _excerpt(
    workbook: Workbook,
    issues: Sequence[Issue],
    first_rows: Mapping[str, int],
    headers: Mapping[str, Collection[int]],
    *,
    is_asked: bool,
) -> Copy:
    rows: dict[Severity, dict[str, set[int]]] = {each: defaultdict(set) for each in Severity}
    for each in issues:
        if each.row is not None:
            rows[each.severity][each.sheet].add(each.row)
    bad = rows[Severity.ERROR] or rows[Severity.WARNING]
    widths = {sheet.title: max(sheet.width, 1) for sheet in workbook.sheets}
    kept: dict[str, set[int]] = {}
    left, cut, total = MOST_CELLS, False, 0
    for title in widths:
        room = left // widths[title]
        kept[title] = set(sorted(bad.get(title, ()))[:room])
        cut = cut or len(kept[title]) < len(bad.get(title, ()))
        left -= len(kept[title]) * widths[title]
        total += len(kept[title])
        last = max(kept[title], default=0)
        kept[title] |= {row for row in headers.get(title, ()) if row < last}
    copy = copies.excerpt(workbook, kept, first_rows, _repeats)
    copy.notes.append(EXCERPT_ASKED if is_asked else EXCERPT_ONLY)
    if cut:
        copy.notes.append(EXCERPT_CUT.format(rows=total))
    return copy


def _repeats(cell: Cell) -> bool:
    """Whether a cell says that it has what stands above it."""
    return isinstance(cell, str) and cell in DITTOS


def _name(file_name: str, ending: str) -> str:
    """「原名（已批注）.xlsx」, the same for a file that is a marked copy itself."""
    name = file_name.replace("\\", "/").rpartition("/")[2]
    stem = name.rpartition(".")[0] if "." in name else name
    for each in (ENDING, EXCERPT_ENDING):
        stem = stem.removesuffix(each)
    return f"{stem or '名册'}{ending}.xlsx"
