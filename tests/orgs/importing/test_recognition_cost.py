"""What many sheets have in common is worked out once for the file, and no more than a clerk could answer is asked."""

from elections.imports import CommitteeRoster, MemberRoster, OrganizationRoster
from orgs.importing.recognition import lay_out, rows_of
from orgs.importing.recognition.unsure import MOST_GUESSED, Guesser, Shapes
from orgs.workbook import Format, Merge, Row, Sheet, Workbook, find_header
from orgs.workbook.titles import Synonyms
from tests.workbooks import id_number

ROSTERS = (OrganizationRoster, MemberRoster, CommitteeRoster)
TITLES = ["姓名", "身份证号", "备用项目"]
LI = ["李明", id_number(birth="19800506", order="011"), "甲"]
ZHAO = ["赵芳", id_number(birth="19851212", order="024"), "乙"]


class Counted:
    """Rows that are read anew each time, as those of a large file; counts how often somebody began."""

    def __init__(self, *rows):
        self.rows = [Row(number, list(row)) for number, row in enumerate(rows, start=1)]
        self.begun = 0

    def __iter__(self):
        self.begun += 1
        return iter(self.rows)

    def __bool__(self):
        return bool(self.rows)


def sheet(title, *rows):
    return Sheet(title, width=max(map(len, rows)), rows=Counted(*rows))


def test_equal_rows_of_titles_are_worked_out_once_and_data_are_not_taken_for_titles():
    words = Synonyms(MemberRoster.synonyms())

    one, other = (find_header(sheet("名册", TITLES, person, person), words) for person in (LI, ZHAO))

    assert (one, one.columns) == (other, {"name": 1, "id_number": 2})
    assert one.titles is other.titles
    assert len(words.headers) == 1


def test_a_column_of_codes_or_numbers_is_told_by_each_sheet_for_itself():
    words = Synonyms({"编号": "org_code", "姓名": "name", "性别": "sex"})
    titles = ["编号", "姓名", "性别"]

    counted = find_header(sheet("甲", titles, [1, "李明", "男"], [2, "赵芳", "女"]), words)
    coded = find_header(sheet("乙", titles, ["020101", "李明", "男"]), words)

    assert counted.columns == {"name": 2, "sex": 3}
    assert coded.columns == {"org_code": 1, "name": 2, "sex": 3}


def test_ranges_over_each_other_do_not_change_the_titles_of_groups():
    groups, titles = ["姓名", "入党", None], [None, "时间", "地点"]
    merges = [Merge(1, 1, 2, 1), *[Merge(1, 2, 1, 3)] * 1000, Merge(1, 3, 2, 3)]
    words = Synonyms({"姓名": "name", "入党/时间": "joined"})

    header = find_header(
        Sheet("名册", width=3, rows=[Row(1, groups), Row(2, titles), Row(3, LI)], merges=merges), words
    )

    assert header.columns == {"name": 1, "joined": 2}
    assert header.titles[3] == "入党/地点"


def test_the_rows_of_a_small_sheet_are_read_once():
    small = sheet("名册", TITLES, LI, ZHAO)

    found = lay_out(Workbook(Format.XLSX, [small]), ROSTERS, "members")
    rows = [row for each in found.data for row in rows_of(each.sheet, each.part, found.roster, each.named)]

    assert [row.cells for row in rows] == [LI, ZHAO]
    assert (small.rows.begun, found.data[0].count) == (1, 2)


def test_what_stands_in_the_other_sheets_is_collected_once_for_all_summaries():
    people = [[f"李{letter}", id_number(order=f"{number:03}"), "甲"] for number, letter in enumerate("一二三" * 100)]
    branch = sheet("第一支部", TITLES, *people)
    summaries = [sheet(f"汇总{number}", TITLES, *people) for number in range(5)]

    found = lay_out(Workbook(Format.XLSX, [branch, *summaries]), ROSTERS, "members")

    assert [part.skipped for part in found.sheets] == ["", *["汇总表，其中各行都在其他工作表中"] * 5]
    assert branch.rows.begun == 2  # its first rows, and all of them


def test_of_more_different_columns_than_anybody_could_explain_nothing_is_asked():
    guesser = Guesser(MemberRoster, Shapes())
    nothing = frozenset()

    guesses = [guesser.guess(f"自定项目{number}", "", nothing) for number in range(MOST_GUESSED - 1)]

    assert set(guesses) == {None}
    assert guesser.guess("身份证好", "id_number", nothing) == "id_number"
    assert guesser.guess("身份正号", "id_number", nothing) is None
    assert guesser.guess("身份证好", "id_number", nothing) == "id_number"
