"""Everything an import can find wrong: a code of the contract, how much it weighs, and one Chinese sentence.

The sentence says what is wrong and how to mend it. Always there for it: `{value}` (the cell as it stands in the
sheet), `{header}` (the title of its column) and `{sheet}`; other placeholders come with the finding. No sentence
about an ID number contains the number.
"""

import enum
from collections.abc import Mapping
from typing import NamedTuple

from orgs.enums import Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class Code(enum.StrEnum):
    """`NAME = "NAME", severity, sentence`; the value is what reports carry."""

    def __new__(cls, value: str, severity: Severity, sentence: str):
        member = str.__new__(cls, value)
        member._value_ = value
        member.severity = severity
        member.sentence = sentence
        return member

    # The file as a whole; where a reader knows more, its own sentence (orgs.workbook.Reason) is used.
    FILE_EMPTY = "FILE_EMPTY", ERROR, "文件里没有可导入的内容，请检查是否选错了文件，填好后重新上传。"
    FILE_CORRUPT = "FILE_CORRUPT", ERROR, "文件已损坏或不完整，无法读取，请打开确认无误后另存为 .xlsx 重新上传。"
    FILE_TYPE = "FILE_TYPE", ERROR, "文件不是系统能够读取的表格，请另存为 .xlsx 后重新上传。"
    FILE_PASSWORD = "FILE_PASSWORD", ERROR, "文件设有打开密码，请取消密码，保存后重新上传。"
    FILE_TOO_LARGE = "FILE_TOO_LARGE", ERROR, "文件过大，请拆成几个文件分别上传。"
    FILE_UNSAFE = "FILE_UNSAFE", ERROR, "文件内部结构异常，出于安全不予接收，请新建工作簿，把内容粘贴过去后重新上传。"
    FILE_MACRO = "FILE_MACRO", ERROR, "文件带有宏，出于安全不予接收，请另存为不带宏的 .xlsx 后重新上传。"
    SHEET_UNRECOGNISED = (
        "SHEET_UNRECOGNISED",
        ERROR,
        "工作表「{sheet}」中没有找到可识别的表头，请对照模板检查列名，表头应在前15行内。",
    )
    WRONG_KIND = "WRONG_KIND", ERROR, "这份文件像是「{found}」，不是「{expected}」，请改选名册种类或更换文件。"
    SHEET_SKIPPED = "SHEET_SKIPPED", WARNING, "工作表「{sheet}」没有导入：{reason}。如需导入，请改正后重新上传。"
    SHEET_TITLE_MISMATCH = (
        "SHEET_TITLE_MISMATCH",
        WARNING,
        "工作表名「{sheet}」与表内标题「{title}」不一致，已按表内标题处理，请核对。",
    )

    # Person
    NAME_EMPTY = "NAME_EMPTY", ERROR, "姓名为空，请填写姓名。"
    NAME_INVALID = "NAME_INVALID", ERROR, "姓名「{value}」不合要求：{reason}。请改为与身份证一致的姓名。"
    ID_EMPTY = "ID_EMPTY", ERROR, "身份证号为空，请填写18位身份证号。"
    ID_LENGTH = (
        "ID_LENGTH",
        ERROR,
        "身份证号应为18位（前17位为数字，末位为数字或X），现为{length}位或含有其他字符，请对照证件改正。",
    )
    ID_LEGACY15 = "ID_LEGACY15", ERROR, "这是15位的旧身份证号，请填写现行的18位号码。"
    ID_CHECKSUM = "ID_CHECKSUM", ERROR, "身份证号{reason}，可能有一位输错，请对照证件逐位核对。"
    ID_BIRTH_INVALID = "ID_BIRTH_INVALID", ERROR, "身份证号第7至14位不是真实的出生日期，请对照证件改正。"
    ID_PRECISION_LOST = (
        "ID_PRECISION_LOST",
        ERROR,
        "身份证号存成了数字，末几位已被表格软件改成0，无法恢复。请将该列设为「文本」格式后重新填写完整号码。",
    )
    ID_DUP_IN_FILE = (
        "ID_DUP_IN_FILE",
        ERROR,
        "身份证号与工作表「{other_sheet}」第{other_row}行重复，请删去其中一行或改正号码。",
    )
    ID_DUP_CROSS_ORG = (
        "ID_DUP_CROSS_ORG",
        ERROR,
        "同一身份证号在本文件中出现在两个党组织（第{other_row}行为「{other_org}」），请只保留一处。",
    )
    ID_DUP_NAME_DIFF = "ID_DUP_NAME_DIFF", ERROR, "该身份证号已登记在另一姓名下（{other}），请核对姓名和号码。"
    KIND_INCONSISTENT = "KIND_INCONSISTENT", ERROR, "人员类别「{value}」与{other}不相符，请核对人员类别和转正日期。"
    ID_SEX_MISMATCH = (
        "ID_SEX_MISMATCH",
        WARNING,
        "性别「{value}」与身份证号不一致，已按身份证号记为「{expected}」，请核对。",
    )
    ID_BIRTH_MISMATCH = (
        "ID_BIRTH_MISMATCH",
        WARNING,
        "出生日期「{value}」与身份证号不一致，已按身份证号记为{expected}，请核对。",
    )
    FORMAL_DATE_MISSING = "FORMAL_DATE_MISSING", WARNING, "正式党员没有转正日期，请补填。"
    ENUM_UNKNOWN = "ENUM_UNKNOWN", WARNING, "「{header}」中的「{value}」不在可选范围内，该项未导入。可填：{choices}。"

    # Dates
    DATE_UNPARSABLE = (
        "DATE_UNPARSABLE",
        ERROR,
        "「{header}」中的「{value}」看不出是哪一天，请按「2021-03-05」的样式填写。",
    )
    DATE_NOT_EXIST = "DATE_NOT_EXIST", ERROR, "「{header}」中的「{value}」不是真实的日期，请核对年、月、日。"
    DATE_AMBIGUOUS = (
        "DATE_AMBIGUOUS",
        ERROR,
        "「{header}」中的「{value}」可以有不同读法（{reason}），请按「2021-03-05」的样式填写。",
    )
    DATE_ORDER = "DATE_ORDER", ERROR, "「{header}」{value}不应{relation}「{other}」{other_value}，请核对两个日期。"
    DATE_FUTURE = "DATE_FUTURE", ERROR, "「{header}」{value}晚于今天，请核对。"
    DATE_UNDERAGE = "DATE_UNDERAGE", ERROR, "按出生日期推算，入党时不满18周岁，请核对出生日期和入党日期。"
    DATE_YEAR_ONLY = "DATE_YEAR_ONLY", ERROR, "「{header}」只有年份「{value}」，请补填月和日。"
    DATE_MONTH_ONLY = "DATE_MONTH_ONLY", WARNING, "「{header}」只有年月「{value}」，已按年月保存，请补填日期。"
    DATE_YEAR_ONLY_MEMBER = (
        "DATE_YEAR_ONLY_MEMBER",
        WARNING,
        "「{header}」只有年份「{value}」，已按年份保存，请查档后补填月和日。",
    )

    # Organization
    ORG_EMPTY = "ORG_EMPTY", ERROR, "没有填写党组织，请填写党组织全称或编码。"
    ORG_UNKNOWN = (
        "ORG_UNKNOWN",
        ERROR,
        "没有找到党组织「{value}」，请核对名称或编码；新建的党组织请先在党组织台账中导入。",
    )
    ORG_AMBIGUOUS = "ORG_AMBIGUOUS", ERROR, "「{value}」对应多个党组织：{candidates}。请改填全称或编码。"
    ORG_OUT_OF_SCOPE = (
        "ORG_OUT_OF_SCOPE",
        ERROR,
        "没有找到党组织「{value}」，请核对名称或编码；新建的党组织请先在党组织台账中导入。",
    )
    ORG_CODE_EMPTY = "ORG_CODE_EMPTY", ERROR, "没有填写党组织编码，请填写。"
    ORG_CODE_DUP = "ORG_CODE_DUP", ERROR, "党组织编码「{value}」与第{other_row}行重复，请改正其中一个。"
    ORG_NAME_DUP = (
        "ORG_NAME_DUP",
        ERROR,
        "党组织名称「{value}」与{other}重复，请核对是否为同一党组织，不是的请写明区别。",
    )
    ORG_SELF_PARENT = "ORG_SELF_PARENT", ERROR, "上级党组织填成了本党组织自己，请改填真正的上级。"
    ORG_CYCLE = "ORG_CYCLE", ERROR, "上级关系成了循环：{chain}。请改正其中一行的上级党组织。"
    ORG_PARENT_MISSING = (
        "ORG_PARENT_MISSING",
        ERROR,
        "没有找到上级党组织「{value}」，请核对名称或编码，或在本表中补上该上级。",
    )
    ORG_PARENT_BAD = "ORG_PARENT_BAD", ERROR, "上级党组织「{value}」所在的行有错误，请先改正那一行。"
    ORG_LEVEL_INVERSION = (
        "ORG_LEVEL_INVERSION",
        ERROR,
        "「{kind}」不能设在「{parent_kind}」之下，请核对组织类别和上级党组织。",
    )
    ORG_MULTI_ROOT = (
        "ORG_MULTI_ROOT",
        ERROR,
        "表中有不止一个没有上级的党组织（另见第{other_row}行），请补填上级党组织。",
    )
    ORG_KIND_UNKNOWN = "ORG_KIND_UNKNOWN", ERROR, "组织类别「{value}」无法识别，请填写：{choices}。"
    ORG_NOT_BRANCH = "ORG_NOT_BRANCH", WARNING, "「{value}」是{kind}，不是党支部；党员一般应编入党支部，请核对。"
    ORG_FUZZY = "ORG_FUZZY", INFO, "「{value}」已按「{matched}」处理，请核对是否为同一党组织。"

    # Term and committee
    TERM_YEARS_BAD = "TERM_YEARS_BAD", ERROR, "任期「{value}」不合要求，请填写年数，如「3」或「5」。"
    TERM_ORDER = "TERM_ORDER", ERROR, "届满日期{value}不晚于当选日期{other_value}，请核对两个日期。"
    TERM_MISMATCH = (
        "TERM_MISMATCH",
        WARNING,
        "届满日期{value}与按规定推算的{expected}不一致，请核对当选日期、任期和届满日期。",
    )
    TERM_MISSING = "TERM_MISSING", WARNING, "没有填写换届日期，将列为「无届次数据」，请补填。"
    EXT_TOO_LONG = (
        "EXT_TOO_LONG",
        WARNING,
        "延期至{value}，超过届满后一年（{limit}），须有更高一级党组织的批准文号，请核对。",
    )
    EXT_DAY_MISSING = "EXT_DAY_MISSING", WARNING, "延期没有批复日期，已视为届满前批准，请补填批复日期。"
    EXT_UNAPPROVED = (
        "EXT_UNAPPROVED",
        WARNING,
        "延期没有批复文号、批复日期或批准标记，只作登记，不改变届满状态，请补填批准情况。",
    )
    COMMITTEE_PERSON_UNKNOWN = (
        "COMMITTEE_PERSON_UNKNOWN",
        ERROR,
        "班子成员「{value}」不在党员花名册中，请先导入该党员或核对姓名。",
    )
    COMMITTEE_PROBATIONARY = (
        "COMMITTEE_PROBATIONARY",
        ERROR,
        "「{value}」是预备党员，没有被选举权，不能担任班子成员，请核对。",
    )
    COMMITTEE_TWO_SECRETARIES = (
        "COMMITTEE_TWO_SECRETARIES",
        ERROR,
        "「{org}」有两名书记（另见第{other_row}行），请核对职务。",
    )

    # Cells
    CELL_ERROR = "CELL_ERROR", ERROR, "「{header}」显示为错误值「{value}」，请在表格中改正公式或直接填写内容。"
    FORMULA_NO_VALUE = (
        "FORMULA_NO_VALUE",
        ERROR,
        "「{header}」是公式但没有保存计算结果，请用 WPS 或 Excel 打开后保存，或复制后「选择性粘贴为数值」再上传。",
    )
    MERGED_FILL = "MERGED_FILL", INFO, "「{header}」按合并单元格填为「{value}」。"
    DITTO = "DITTO", INFO, "「{header}」写作「{value}」，已按上一行填为「{filled}」。"

    def message(self, **words) -> str:
        """The sentence with its placeholders filled. KeyError when one is missing."""
        return self.sentence.format(**words)


class Issue(NamedTuple):
    """One finding at a place of the file. `column` from 1 and `header` are None and '' for a whole row or sheet.

    `value` is the cell as it stands in the sheet, ID numbers unmasked: mask it where it is shown.
    """

    sheet: str
    row: int | None
    column: int | None
    header: str
    value: str
    code: Code
    severity: Severity
    message: str


def issue(
    code: Code,
    *,
    sheet: str,
    row: int | None = None,
    column: int | None = None,
    header: str = "",
    value: str = "",
    words: Mapping[str, object] | None = None,
) -> Issue:
    """The finding with its sentence made. `words` fill the placeholders other than sheet, header and value.

    KeyError when a placeholder of the sentence is not given.
    """
    message = code.message(**{"sheet": sheet, "header": header, "value": value, **(words or {})})
    return Issue(sheet, row, column, header, value, code, code.severity, message)
