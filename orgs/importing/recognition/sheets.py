"""Which kind of roster a file is, and which of its sheets hold rows."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from orgs.importing.codes import Code
from orgs.importing.recognition.unsure import PEEKED, Guesser, Shapes
from orgs.importing.roster import Roster
from orgs.importing.rows import UnsureColumn
from orgs.workbook import Header, Sheet, Workbook, find_header, shown, title_key
from orgs.workbook.example import is_problem_list
from orgs.workbook.header import DEEPEST, SEARCHED, guess_header, knows_title, rows_below
from orgs.workbook.titles import Synonyms

SUMMARY = re.compile(r"汇总|统计|总表|总名册|总花名册|合并|全部|总台账")
INSTRUCTIONS = re.compile(r"说明|须知|指引|样表|样例|示例|范例|填写要求")
DICTIONARY = re.compile(r"字典|选项|代码表|码表|下拉|参数|枚举|数据源|列表值")

# Rows in which a header is looked for, and of data to guess from.
HEAD = SEARCHED + DEEPEST + PEEKED

Mappings = Callable[[str, str], Mapping[str, str]]


class RosterRejected(Exception):
    """The file as a whole is no roster that can be imported; `code` and `message` say why.

    When it could be imported if somebody said what some columns are, `unsure` has these, `kind` the roster that it
    would be, and `layout` the titles under which the answer is kept; `mapping` is what was said before and did not
    help, so that it can be said otherwise.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        kind: str = "",
        unsure: Sequence[UnsureColumn] = (),
        layout: str = "",
        mapping: Mapping[str, str] | None = None,
    ):
        self.code, self.message = code, message
        self.kind, self.unsure, self.layout, self.mapping = kind, tuple(unsure), layout, dict(mapping or {})
        super().__init__(message)


def is_empty(sheet: Sheet) -> bool:
    """Whether a sheet has no row with content."""
    return not sheet.rows


def head_of(sheet: Sheet) -> Sheet:
    """The first rows of a sheet: what has to be looked at several times, even where reading begins anew each time."""
    return replace(sheet, rows=list(islice(sheet.rows, HEAD)))


def is_whole(head: Sheet) -> bool:
    """Whether the first rows of a sheet are all that it has, so that they need not be read once more."""
    return len(head.rows) < HEAD


class Sheets:
    """The sheets of a file, looked at as each of several rosters. `sheets` are their first rows only."""

    def __init__(
        self, workbook: Workbook, rosters: Sequence[type[Roster]], mapping: Mapping | None, mappings: Mappings
    ):
        """`mapping` was given by hand now; else `mappings(kind, layout)` is asked what was said before."""
        self.sheets, self.rosters = [head_of(sheet) for sheet in workbook.sheets], rosters
        self._whole = {id(head): sheet for head, sheet in zip(self.sheets, workbook.sheets, strict=True)}
        known = {title: name for roster in reversed(rosters) for title, name in roster.synonyms().items()}
        words = Synonyms(known)
        self._silent = {id(sheet) for sheet in self.sheets if not knows_title(sheet, words)}
        self._nothing = Synonyms()
        self._guessed_headers: dict[int, Header | None] = {}
        self.layout = self._layout(words)
        self.mappings = {roster: self._said(roster, mapping, mappings) for roster in rosters}
        self._synonyms = {roster: Synonyms(roster.synonyms() | self.mappings[roster]) for roster in rosters}
        self._headers: dict[tuple[type[Roster], int], Header | None] = {}
        shapes = Shapes()
        self._guessers = {roster: Guesser(roster, shapes) for roster in rosters}
        self._unsure: dict[tuple[type[Roster], int], list[UnsureColumn]] = {}
        self._known_keys: dict[type[Roster], set[tuple[str, ...]]] = {}

    def _said(self, roster: type[Roster], mapping: Mapping[str, str] | None, mappings: Mappings) -> dict[str, str]:
        """What was said of the columns; not what names a field that the roster does not have."""
        said = mappings(str(roster.roster_kind), self.layout) if mapping is None else mapping
        return {title: name for title, name in said.items() if not name or name in roster.fields}

    def visible(self) -> list[Sheet]:
        """The sheets that are looked at; when all are hidden, all of them."""
        return [sheet for sheet in self.sheets if not sheet.hidden] or self.sheets

    def header(self, sheet: Sheet, roster: type[Roster]) -> Header | None:
        """The header of a sheet as a roster's."""
        key = roster, id(sheet)
        if key not in self._headers:
            said = self.mappings[roster]
            is_silent = id(sheet) in self._silent and not said
            self._headers[key] = None if is_silent else find_header(sheet, self._synonyms[roster], said)
        return self._headers[key]

    def fits(self, sheet: Sheet, roster: type[Roster]) -> bool:
        """Whether a sheet has the columns without which a roster says nothing."""
        header = self.header(sheet, roster)
        return header is not None and not lacking(header.columns, roster)

    def unsure(self, sheet: Sheet, roster: type[Roster]) -> list[UnsureColumn]:
        """The columns of a sheet that somebody has to explain."""
        key = roster, id(sheet)
        if key not in self._unsure:
            header = self.header(sheet, roster) or self._guess_header(sheet)
            decided = self.mappings[roster]
            self._unsure[key] = self._guessers[roster].columns(sheet, header, decided) if header else []
        return self._unsure[key]

    def _guess_header(self, sheet: Sheet) -> Header | None:
        """The likeliest header of a sheet of which no title is known."""
        if id(sheet) not in self._guessed_headers:
            self._guessed_headers[id(sheet)] = guess_header(sheet, self._nothing)
        return self._guessed_headers[id(sheet)]

    def _layout(self, words: Synonyms) -> str:
        """A hash of the titles of all headers, whatever roster they are of and whatever stands below them."""
        headers = (
            (id(sheet) not in self._silent and find_header(sheet, words)) or self._guess_header(sheet)
            for sheet in self.visible()
        )
        lines = {
            "\t".join(title_key(header.titles[column]) for column in sorted(header.titles))
            for header in headers
            if header
        }
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

    def choose(self, kind: str) -> type[Roster]:
        """The roster whose titles a sheet knows best, among those whose needed columns are there.

        RosterRejected when none is, or another than `kind` ('' for any).
        """
        hits = self._hits()
        best = max(hits, key=hits.__getitem__, default=None)  # of equal ones the first
        asked = next((roster for roster in self.rosters if roster.roster_kind == kind), None)
        if asked in hits:
            return asked
        nearly = self._nearly([asked] if asked else self.rosters, hits[best][0] if best else 0)
        if nearly and (best is None or nearly[0] > self._most_guessed(best)):
            self._reject_unsure(*nearly[1:])
        if best is not None and asked is None:
            return best
        if best is not None:
            message = Code.WRONG_KIND.message(found=best.roster_kind.label, expected=asked.roster_kind.label)
            raise self._refusal(Code.WRONG_KIND, message, asked)
        self._reject_unknown(asked)

    def _hits(self) -> dict[type[Roster], tuple[int, int]]:
        """{roster: the most titles that it knows of a sheet, and of how many sheets it knows enough}.

        Summaries speak only when no other sheet does.
        """
        for sheets in (
            [sheet for sheet in self.visible() if not SUMMARY.search(sheet.title)],
            [sheet for sheet in self.visible() if SUMMARY.search(sheet.title)],
        ):
            hits = {}
            for roster in self.rosters:
                known = [len(self.header(sheet, roster).columns) for sheet in sheets if self.fits(sheet, roster)]
                if known:
                    hits[roster] = max(known), len(known)
            if hits:
                return hits
        return {}

    def _nearly(
        self, rosters: Sequence[type[Roster]], least: int
    ) -> tuple[int, type[Roster], Sheet, list[UnsureColumn]] | None:
        """The roster and sheet that would fit best if somebody said what the unsure columns are, with its columns.

        Only such as may come to more than `least` columns are looked at.
        """
        best = None
        for roster in rosters:
            for sheet in self.visible():
                header = self.header(sheet, roster)
                most = len(header.titles) if header else sheet.width
                if is_empty(sheet) or is_problem_list(sheet) or most <= least or self.fits(sheet, roster):
                    continue
                unsure = self.unsure(sheet, roster)
                guessed = self._guessed(sheet, roster, unsure)
                if unsure and not lacking(guessed, roster) and (best is None or len(guessed) > best[0]):
                    best = len(guessed), roster, sheet, unsure
        return best

    def _guessed(self, sheet: Sheet, roster: type[Roster], unsure: Sequence[UnsureColumn]) -> set[str]:
        """The fields of a sheet, those that are only guessed included."""
        header = self.header(sheet, roster)
        return {*(header.columns if header else ()), *(each.guess for each in unsure if each.guess)}

    def _most_guessed(self, roster: type[Roster]) -> int:
        """The most fields of a sheet that fits."""
        sheets = [sheet for sheet in self.visible() if self.fits(sheet, roster)]
        return max(len(self._guessed(sheet, roster, self.unsure(sheet, roster))) for sheet in sheets)

    def _reject_unsure(self, roster: type[Roster], sheet: Sheet, unsure: list[UnsureColumn]) -> None:
        header = self.header(sheet, roster)
        missing = "、".join(lacking(header.columns if header else {}, roster))
        guesses = "，".join(
            f"「{each.title}」可能是「{roster.fields[each.guess].column_name}」" for each in unsure if each.guess
        )
        message = (
            f"工作表「{sheet.title}」的表头中缺少必需的列：{missing}。表中{guesses}，请指明各列对应的项目，"
            "或者改正列名后重新上传。"
        )
        raise self._refusal(Code.SHEET_UNRECOGNISED, message, roster, unsure)

    def _refusal(
        self, code: Code, message: str, asked: type[Roster] | None, unsure: Sequence[UnsureColumn] = ()
    ) -> RosterRejected:
        """A refusal with what was said of the columns before, if anything was."""
        roster = asked or next((roster for roster, said in self.mappings.items() if said), None)
        if roster is None:
            return RosterRejected(code, message)
        said = self.mappings[roster]
        kind = str(roster.roster_kind) if unsure or said else ""
        return RosterRejected(code, message, kind=kind, unsure=unsure, layout=self.layout, mapping=said)

    def _reject_unknown(self, asked: type[Roster] | None) -> None:
        headers = [(sheet, self.header(sheet, asked)) for sheet in self.visible()] if asked else []
        nearest = max(
            ((sheet, header) for sheet, header in headers if header),
            key=lambda pair: len(pair[1].columns),
            default=None,
        )
        if nearest is None:
            message = Code.SHEET_UNRECOGNISED.message(sheet=self.visible()[0].title)
        else:
            missing = "、".join(lacking(nearest[1].columns, asked))
            message = f"工作表「{nearest[0].title}」的表头中缺少必需的列：{missing}。请对照模板补上后重新上传。"
        raise self._refusal(Code.SHEET_UNRECOGNISED, message, asked)

    def why_skipped(self, sheet: Sheet, roster: type[Roster]) -> str:
        """Why a sheet holds no rows of the roster; '' when it does."""
        if is_problem_list(sheet):
            return "系统生成的问题清单"
        if sheet.hidden:
            return "工作表是隐藏的"
        if is_empty(sheet):
            return "工作表是空的"
        if self.fits(sheet, roster):
            if INSTRUCTIONS.search(sheet.title) and self._others(sheet, roster, INSTRUCTIONS):
                return "填表说明或示例，不是名册"
            return "汇总表，其中各行都在其他工作表中" if self._repeats_others(sheet, roster) else ""
        others = [other for other in self.rosters if other is not roster and self.fits(sheet, other)]
        if SUMMARY.search(sheet.title):
            return "汇总或统计表，不是名册"
        if DICTIONARY.search(sheet.title):
            return "选项字典，不是名册"
        if others:
            best = max(others, key=lambda other: len(self.header(sheet, other).columns))
            return f"像是「{best.roster_kind.label}」，不是「{roster.roster_kind.label}」"
        return f"没有找到「{roster.roster_kind.label}」的表头"

    def _repeats_others(self, sheet: Sheet, roster: type[Roster]) -> bool:
        """Whether everything in a sheet that is called a summary stands in other sheets too."""
        if not SUMMARY.search(sheet.title):
            return False
        if roster not in self._known_keys:  # the same for each of the summaries
            others = self._others(sheet, roster, SUMMARY)
            self._known_keys[roster] = {key for other in others for key in self._keys(other, roster)}
        known = self._known_keys[roster]
        return bool(known) and all(key in known for key in self._keys(sheet, roster))

    def _others(self, sheet: Sheet, roster: type[Roster], but: re.Pattern) -> list[Sheet]:
        """The other sheets that fit and are not called what `but` says."""
        return [
            other
            for other in self.visible()
            if other is not sheet and not but.search(other.title) and self.fits(other, roster)
        ]

    def _keys(self, sheet: Sheet, roster: type[Roster]) -> Iterator[tuple[str, ...]]:
        """What each row is about: its cells in the needed columns."""
        header = self.header(sheet, roster)
        columns = [
            next(header.columns[name] for name in sorted(group) if name in header.columns) for group in roster.needed
        ]
        for row in rows_below(self._whole[id(sheet)], header.last):
            key = tuple(title_key(shown(row.cells[column - 1])) for column in columns)
            if all(key):
                yield key


def lacking(columns: Mapping | set, roster: type[Roster]) -> list[str]:
    """The titles of the needed columns that are not among these; 「甲或乙」 where one of several would do."""
    return [
        "或".join(column.column_name for name, column in roster.fields.items() if name in group)
        for group in roster.needed
        if not group & set(columns)
    ]
