"""Cells as clerks write them: numbers, names, days, organizations."""

import datetime

from tests.workbooks import csv_bytes, id_number, xls, xlsx
from tests.zoo.animals import Animal, error, ok, warning
from tests.zoo.people import FIRST, LI, LI_ID, SHEET, TITLES, WANG, WANG_ID, ZHAO, ZHAO_ID, but

ODD = [id_number(birth="19850101", order=f"{order:03d}") for order in range(11, 99, 2)]
X_ID = next(number for number in ODD if number.endswith("X"))
DAY = datetime.date(2005, 7, 1)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def table(*people) -> bytes:
    """An .xlsx of these rows."""
    return xlsx((SHEET, [TITLES, *people]))


def somebody(number: int, **changes) -> list:
    """A person of the first branch with a number of their own, born 1985-01-01, female."""
    name = f"周{'甲乙丙丁戊己庚辛壬癸'[number]}"
    return but(LI, **{"NAME": name, "SEX": "女", "ID": own_id(number), "PHONE": None, **changes})


def own_id(number: int) -> str:
    """The ID number of `somebody`."""
    return id_number(birth="19850101", order=f"{100 + 2 * number:03d}")


def known(row: int, number: int, status=ok, *codes: str, **changes):
    """A good row of `somebody`."""
    return status(row, somebody(number), *codes, birth="1985-01-01", **changes)


def days(*cells) -> bytes:
    """As many people, each with another 入党日期."""
    return table(*(somebody(number, JOINED=cell) for number, cell in enumerate(cells)))


def with_birth() -> bytes:
    """A column of birth days: one right, one that contradicts the number."""
    rows = [[*LI, "1980-05-06"], [*ZHAO, "1985-12-21"], [*WANG, None]]
    return xlsx((SHEET, [[*TITLES, "出生日期"], *rows]))


def by_code() -> bytes:
    """The branch by its code, with the leading space of a national export, and by name."""
    rows = [[" YL01", *LI[1:]], ["YL01", *ZHAO[1:]], ["YL99", *WANG[1:]]]
    return xlsx((SHEET, [["党组织编码", *TITLES[1:]], *rows]))


VALUES = [
    Animal(
        "ID in a number cell",
        "花名册.xlsx",
        lambda: table(LI, but(ZHAO, ID=float(ZHAO_ID)), but(WANG, ID=int(float(WANG_ID)))),
        [ok(2, LI), error(3, "ID_PRECISION_LOST"), error(4, "ID_PRECISION_LOST")],
    ),
    Animal(
        "ID in a number cell of an xls",
        "花名册.xls",
        lambda: xls((SHEET, [TITLES, LI, but(ZHAO, ID=float(ZHAO_ID))])),
        [ok(2, LI), error(3, "ID_PRECISION_LOST")],
    ),
    Animal(
        "ID shown by a power of ten",
        "花名册.csv",
        lambda: csv_bytes([TITLES, LI, but(ZHAO, ID="1.19901E+17")]),
        [ok(2, LI), error(3, "ID_PRECISION_LOST")],
    ),
    Animal(
        "ID as formula text, with tab, apostrophe and spaces",
        "花名册.csv",
        lambda: csv_bytes(
            [TITLES, but(LI, ID=f'="{LI_ID}"'), but(ZHAO, ID=f"{ZHAO_ID}\t"), but(WANG, ID=f"'{WANG_ID}")]
        ),
        [ok(2, LI), ok(3, ZHAO), ok(4, WANG)],
    ),
    Animal(
        "ID with small x, wide digits and invisible characters",
        "花名册.xlsx",
        lambda: table(
            but(LI, ID=X_ID.lower(), NAME="周甲"),
            but(LI, ID=LI_ID.translate(WIDE)),
            but(ZHAO, ID=f"\u200b{ZHAO_ID[:6]} {ZHAO_ID[6:14]}\u00a0{ZHAO_ID[14:]}"),
        ),
        [
            ok(2, but(LI, ID=X_ID, NAME="周甲"), birth="1985-01-01"),
            ok(3, LI),
            ok(4, ZHAO),
        ],
    ),
    Animal(
        "ID that is none",
        "花名册.xlsx",
        lambda: table(
            but(LI, ID=None),
            but(LI, ID=LI_ID[:17]),
            but(LI, ID="119901800506011"),
            but(LI, ID=LI_ID[:17] + ("0" if LI_ID[17] != "0" else "1")),
            but(LI, ID=id_number(birth="19801301")),
        ),
        [
            error(2, "ID_EMPTY"),
            error(3, "ID_LENGTH"),
            error(4, "ID_LEGACY15"),
            error(5, "ID_CHECKSUM"),
            error(6, "ID_BIRTH_INVALID"),
        ],
    ),
    Animal(
        "ID twice",
        "花名册.xlsx",
        lambda: table(LI, ZHAO, LI, but(ZHAO, NAME="赵方"), but(LI, BRANCH="虚构社区第二党支部")),
        [
            ok(2, LI),
            ok(3, ZHAO),
            error(4, "ID_DUP_IN_FILE"),
            error(5, "ID_DUP_NAME_DIFF"),
            error(6, "ID_DUP_CROSS_ORG"),
        ],
    ),
    Animal(
        "sex against the ID",
        "花名册.xlsx",
        lambda: table(but(LI, SEX="女"), ZHAO),
        [warning(2, LI, "ID_SEX_MISMATCH"), ok(3, ZHAO)],
    ),
    Animal(
        "birth against the ID",
        "花名册.xlsx",
        with_birth,
        [ok(2, LI), warning(3, ZHAO, "ID_BIRTH_MISMATCH"), ok(4, WANG)],
    ),
    Animal(
        "names",
        "花名册.xlsx",
        lambda: table(
            but(LI, NAME="李\u3000明"),
            but(ZHAO, NAME=None),
            but(WANG, NAME="=1+1"),
            but(somebody(1), NAME="买买提·艾力"),
        ),
        [
            ok(2, LI),
            error(3, "NAME_EMPTY"),
            error(4, "NAME_INVALID"),
            ok(5, but(somebody(1), NAME="买买提·艾力"), birth="1985-01-01"),
        ],
    ),
    Animal(
        "days in every spelling",
        "花名册.xlsx",
        lambda: days(
            "2005.07.01", "2005年7月1日", "20050701", "2005-7-1", "2005/7/1", "2005、7、1", "二〇〇五年七月一日", DAY
        ),
        [known(row, row - 2, joined="2005-07-01") for row in range(2, 10)],
    ),
    Animal(
        "months and years only",
        "花名册.xlsx",
        lambda: days("2005.07", "2005年7月", "200507", "2005年"),
        [
            *(known(row, row - 2, warning, "DATE_MONTH_ONLY", joined="2005-07") for row in range(2, 5)),
            known(5, 3, warning, "DATE_YEAR_ONLY_MEMBER", joined="2005"),
        ],
    ),
    Animal(
        "month by the format of the cell",
        "花名册.xls",
        lambda: xls((SHEET, [TITLES, somebody(0, JOINED=DAY)]), month_format='yyyy"年"m"月"'),
        [known(2, 0, warning, "DATE_MONTH_ONLY", joined="2005-07")],
    ),
    Animal(
        "days that are none",
        "花名册.xlsx",
        lambda: days(2012.1, "05.7.1", "2005-02-30", "五月", "2027-01-01", "2000-01-01", "2007-07-01"),
        [
            error(2, "DATE_AMBIGUOUS"),
            error(3, "DATE_AMBIGUOUS"),
            error(4, "DATE_NOT_EXIST"),
            error(5, "DATE_UNPARSABLE"),
            error(6, "DATE_FUTURE", "DATE_ORDER"),
            error(7, "DATE_UNDERAGE"),
            error(8, "DATE_ORDER"),
        ],
    ),
    Animal(
        "formal member without a day",
        "花名册.xlsx",
        lambda: table(but(LI, FORMAL=None), ZHAO),
        [warning(2, but(LI, FORMAL=None), "FORMAL_DATE_MISSING"), ok(3, ZHAO)],
    ),
    Animal(
        "words for nothing",
        "花名册.xlsx",
        lambda: table(but(LI, PHONE="无"), but(ZHAO, PHONE="—"), but(WANG, PHONE="暂无", FORMAL="/")),
        [ok(2, but(LI, PHONE=None)), ok(3, but(ZHAO, PHONE=None)), ok(4, but(WANG, PHONE=None))],
    ),
    Animal(
        "people that is none",
        "花名册.xlsx",
        lambda: table(but(LI, ETHNICITY="汉"), but(ZHAO, ETHNICITY="火星族")),
        [ok(2, LI), warning(3, but(ZHAO, ETHNICITY=None), "ENUM_UNKNOWN")],
    ),
    Animal(
        "organizations",
        "花名册.xlsx",
        lambda: table(
            but(LI, BRANCH=f"中共{FIRST}"),
            but(ZHAO, BRANCH="虚构社区第九党支部"),
            but(WANG, BRANCH=None),
        ),
        [ok(2, but(LI, BRANCH=f"中共{FIRST}"), "ORG_FUZZY"), error(3, "ORG_UNKNOWN"), error(4, "ORG_EMPTY")],
    ),
    Animal(
        "organizations by code",
        "花名册.xlsx",
        by_code,
        [
            ok(2, but(LI, BRANCH=None), org_code="YL01"),
            ok(3, but(ZHAO, BRANCH=None), org_code="YL01"),
            error(4, "ORG_UNKNOWN"),
        ],
    ),
]
