"""Which organization a sheet is about when no column says so: its title row, 填报单位, or its name."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from orgs.enums import RosterKind, Severity
from orgs.importing.codes import Code, Issue, issue
from orgs.importing.roster import Roster
from orgs.importing.rows import RosterRow
from orgs.importing.values import clean_words
from orgs.models import Organization
from orgs.workbook import Header, Sheet
from orgs.workbook.header import rows_below

PLACES = frozenset({"org_name", "org_code"})
# Rosters of people who belong to branches: 「中共××街道工作委员会党员花名册」 names no branch.
OF_BRANCHES = frozenset({RosterKind.MEMBERS, RosterKind.FLOATING})
BRANCH = r"(?:党支部|(?<!总)支部)(?:委员会)?"
ANY = r"(?:党总支部?|总?支部|总支|党委|党工委|工委)(?:委员会)?|(?:工作)?委员会"
LIST = r"(?:花名册|名册|名单|清册|登记表|信息表|采集表|统计表|情况表|明细表|一览表|汇总表|台账|基本信息|表)"
TITLE = r"^(?:关于)?(.*(?:{ends}))(?:的)?[^:]{{0,24}}?" + LIST + r"(?:\([^()]*\))?$"
OWN_LABEL = r"(?:(?:所在|所属|现)?(?:党支部|党组织|支部)(?:全称|名称)?|组织名称)"
UNIT_LABEL = r"(?:填报|填表|报送|上报)(?:单位|党组织|支部)|单位(?:名称)?|党组织\(盖章\)"
LABEL = r"^(?:{label})(?:\([^()]*\))?:(.*)$"
# What stands behind a name in the same line.
BEHIND = re.compile(
    r"(?:\s{2,}|\t|\s+(?=\S{2,6}:)|(?:填表|填报|上报|报送|制表)(?:日期|时间|人)|\((?:盖章|公章|签章)\)).*$"
)
YEAR = re.compile(r"^\(?(?:19|20)\d\d(?:年度?|-\d{4})?\)?(?:\d{1,2}月(?:份|\d{1,2}日)?)?(?:年度)?")
SEVERAL = re.compile(r"所属|下属|各(?:党|支|基层)|全体|等\d*个")
# Before and behind a name that heads the rows of a branch.
HEADING = re.compile(r"^(?:[(]?[一二三四五六七八九十\d]{1,3}[)]?[、.．)]|[(][一二三四五六七八九十\d]{1,3}[)])\s*")
COUNTED = re.compile(r"\s*[:,]?\s*[(]?(?:共|计)?\s*\d*\s*(?:名|人|名党员|人党员)?[)]?\s*:?$")
LONGEST_HEADING = 60
LONGEST_LINE = 200  # characters above a header that are looked at
PEEKED = 200  # rows; an empty column of so many says nothing
ORDINAL = re.compile(r"第?[一二三四五六七八九十\d]+$")
COPY = re.compile(r"(?:党员)?(?:花名册|名册|名单|台账)?(?:\s*\(\d+\))?$")


@dataclass(frozen=True, slots=True)
class Named:
    """The organization that a sheet names outside its rows ('' for none), and what has to be said about it."""

    name: str = ""
    issues: tuple[Issue, ...] = ()


def named(sheet: Sheet, header: Header, roster: type[Roster]) -> Named:
    """The organization of all rows of a sheet without a column for it."""
    if not may_name(sheet, header, roster):
        return Named()
    ends = _ends(roster)
    name, by_sheet = _in_title(sheet, header, ends), _in_sheet_name(sheet.title, ends)
    place = {"sheet": sheet.title, "value": name or by_sheet}
    if name:
        said = f"工作表「{sheet.title}」各行没有写明党组织，已按表内标题归入「{name}」，请核对。"
        issues = [Issue(sheet.title, None, None, "", name, Code.ORG_FUZZY, Severity.INFO, said)]
        if by_sheet and not is_called(by_sheet, name):
            issues.append(issue(Code.SHEET_TITLE_MISMATCH, **place, words={"title": name}))
        return Named(name, tuple(issues))
    if by_sheet and _is_full(by_sheet, ends):
        said = f"工作表「{sheet.title}」各行和表内标题都没有写明党组织，已按工作表名归入「{by_sheet}」，请核对。"
        weight = Severity.WARNING
        return Named(by_sheet, (Issue(sheet.title, None, None, "", by_sheet, Code.ORG_FUZZY, weight, said),))
    return Named()


def may_name(sheet: Sheet, header: Header, roster: type[Roster]) -> bool:
    """Whether what stands outside the columns may say whose rows they are: no column does, or it is blank."""
    if "org_name" not in roster.fields or any(PLACES & group for group in roster.needed):
        return False
    columns = [header.columns[name] for name in PLACES if name in header.columns]
    rows = islice(rows_below(sheet, header.last), PEEKED) if columns else ()
    return all(row.cells[column - 1] is None for row in rows for column in columns)


def named_by(text: str, roster: type[Roster]) -> str:
    """The organization that a row of its own among the data names for the rows below it; '' for none.

    「二、虚构社区第二党支部（12人）」, 「虚构社区第二党支部党员花名册」.
    """
    ends = _ends(roster)
    text = HEADING.sub("", unicodedata.normalize("NFKC", text).strip())
    if found := _in_texts([re.sub(r"\s*:\s*", ":", text)], ends):
        return found
    name = _clean(COUNTED.sub("", text))
    return name if re.search(rf"(?:{ends})$", name) and _names_one(name, ends) else ""


def place_in_branch(rows: Iterable[RosterRow], branch: Organization) -> None:
    """Put rows into the branch that uploads its own roster and need not name itself in each row.

    A sheet that names another organization keeps that, and is told that it is not to be found.
    """
    for row in rows:
        if any(row.shown(name) for name in PLACES):
            continue
        name = row.get("org_name")
        if name is None or is_called(name, branch.name) or is_called(name, branch.short_name):
            row.values["org_name"] = branch.name


def is_called(short: str, full: str) -> bool:
    """Whether two names may be those of one organization: one is the end of the other, 第一 is 一 and 1."""
    one, other = _core(short), _core(full)
    return bool(one and other) and (one.endswith(other) or other.endswith(one))


def _in_title(sheet: Sheet, header: Header, ends: str) -> str:
    """What the rows above the header name: 党支部名称 first, then the title, then 填报单位."""
    return _in_texts(list(_lines(sheet, header)), ends)


def _in_texts(texts: Sequence[str], ends: str) -> str:
    own = re.compile(LABEL.format(label=OWN_LABEL))
    unit = re.compile(LABEL.format(label=UNIT_LABEL))
    title = re.compile(TITLE.format(ends=ends))
    ending = re.compile(rf"(?:{ends})$")
    for pattern, is_title in ((own, False), (title, True), (unit, False)):
        for text in texts:
            text = YEAR.sub("", "".join(text.split())) if is_title else text
            found = pattern.match(text)
            name = _clean(found[1]) if found else ""
            if name and (pattern is own or ending.search(name)) and _names_one(name, ends):
                return name
    return ""


def _lines(sheet: Sheet, header: Header) -> Iterator[str]:
    """The texts above the header; a label that ends with a colon together with the next cell."""
    for row in sheet.rows:
        if row.number >= header.first:
            return
        texts = [
            unicodedata.normalize("NFKC", cell[:LONGEST_LINE]).strip() for cell in row.cells if isinstance(cell, str)
        ]
        for place, text in enumerate(texts):
            if text.endswith(":") and place + 1 < len(texts):
                text += texts[place + 1]
            yield re.sub(r"\s*:\s*", ":", text)


def _clean(text: str) -> str:
    return str(clean_words(BEHIND.sub("", text.strip())).value or "").strip('《》"“”')


def _names_one(name: str, ends: str) -> bool:
    """Whether a name says more than 「党支部」, and speaks of one organization."""
    return bool(re.sub(rf"(?:{ends})$", "", name).removeprefix("中共")) and not SEVERAL.search(name)


def _in_sheet_name(title: str, ends: str) -> str:
    name = COPY.sub("", unicodedata.normalize("NFKC", title).strip())
    return name if re.search(rf"(?:{ends})$", name) and _names_one(name, ends) else ""


def _is_full(name: str, ends: str) -> bool:
    """Whether a sheet's name is more than a number among the branches of somebody."""
    place = re.sub(rf"(?:{ends})$", "", name).removeprefix("中共")
    return len(ORDINAL.sub("", place)) >= 2


def _ends(roster: type[Roster]) -> str:
    return BRANCH if roster.roster_kind in OF_BRANCHES else ANY


def _core(name: str) -> str:
    text = "".join(unicodedata.normalize("NFKC", name).split()).removeprefix("中国共产党").removeprefix("中共")
    text = re.sub(r"总支部委员会|党总支部?|总支部", "总支", text)
    text = re.sub(r"党?支部委员会|党支部", "支部", text)
    return text.replace("第", "").translate(str.maketrans("123456789", "一二三四五六七八九"))
