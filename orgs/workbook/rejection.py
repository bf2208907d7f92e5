"""Why a whole file is refused: one exception, a code of the import contract, one Chinese sentence."""

import enum


class Reason(enum.Enum):
    """`(code, sentence)`: the sentence says what is wrong and how to mend it, never what a parser said."""

    EMPTY = "FILE_EMPTY", "文件里没有任何内容，请检查是否选错了文件，填好后重新上传。"
    TOO_LARGE = "FILE_TOO_LARGE", "文件超过{limit}MB，请删去图片和无关的工作表，或按党（工）委拆成几个文件分别上传。"
    TOO_MANY_ROWS = "FILE_TOO_LARGE", "工作表「{sheet}」超过{limit}行，请按党（工）委拆成几个文件分别上传。"
    TOO_MANY_CELLS = "FILE_TOO_LARGE", "文件里填了内容的单元格超过{limit}个，请按党（工）委拆成几个文件分别上传。"
    TOO_MANY_SHEETS = (
        "FILE_TOO_LARGE",
        "文件里的工作表超过{limit}张，请删去与名册无关的工作表，或拆成几个文件分别上传。",
    )
    FOREIGN_TOO_LARGE = (
        "FILE_TOO_LARGE",
        "这份文件是网页、XML 或其他程序写成的表格，这类文件最多读取{limit}个单元格。"
        "请用 WPS 或 Excel 打开，另存为 .xlsx 后重新上传，或按党（工）委拆成几个文件。",
    )
    LONG_TEXT = (
        "FILE_TOO_LARGE",
        "工作表「{sheet}」第{row}行有一个单元格超过{limit}个字，不是名册内容。请删去这个单元格的内容后重新上传。",
    )
    TOO_WIDE = "FILE_TOO_LARGE", "工作表「{sheet}」占用的列太多，请删去名册右侧多余的列，保存后重新上传。"
    WIDE_RECORD = "FILE_TOO_LARGE", "第{record}行超过{limit}列，不是名册。请删去名册右侧多余的列，保存后重新上传。"
    UNPACKED_TOO_LARGE = "FILE_TOO_LARGE", "文件解压后超过{limit}MB，请删去图片和无关的工作表，或拆成几个文件分别上传。"
    PASSWORD = "FILE_PASSWORD", "文件设有打开密码，系统无法读取。请在 WPS 或 Excel 中取消密码，保存后重新上传。"
    MACRO = "FILE_MACRO", "文件带有宏，出于安全不予接收。请另存为不带宏的「Excel 工作簿（.xlsx）」后重新上传。"
    BOMB = (
        "FILE_UNSAFE",
        "文件内部结构异常（压缩比例或条目数过大），出于安全不予接收。请新建工作簿，把内容粘贴过去后重新上传。",
    )
    ENTITIES = "FILE_UNSAFE", "文件内含有不应出现的外部定义，出于安全不予接收。请新建工作簿，把内容粘贴过去后重新上传。"
    DAMAGED = (
        "FILE_CORRUPT",
        "文件已损坏或不完整，无法读取。请用 WPS 或 Excel 打开，确认内容无误后另存为 .xlsx 重新上传。",
    )
    TRUNCATED = "FILE_CORRUPT", "文件不完整，可能没有下载或复制完。请重新取得原文件，打开确认无误后再上传。"
    QUOTES = "FILE_CORRUPT", "第{record}行的双引号不成对，后面的内容无法分列。请改正该行，或另存为 .xlsx 后重新上传。"
    ENCODING = (
        "FILE_CORRUPT",
        "文本文件的编码无法识别，内容会成为乱码。请用 WPS 或 Excel 打开，另存为 .xlsx 后重新上传。",
    )
    WORD = "FILE_TYPE", "这是 Word 文档，不是表格。请把名册内容复制到 Excel 表格，保存为 .xlsx 后上传。"
    SLIDES = "FILE_TYPE", "这是演示文稿，不是表格。请上传 .xlsx 格式的名册。"
    PDF = "FILE_TYPE", "这是 PDF 文件，系统无法读取其中的表格。请上传原来的 Excel 表格（.xlsx）。"
    PICTURE = "FILE_TYPE", "这是图片，系统无法读取其中的文字。请上传原来的 Excel 表格（.xlsx）。"
    ARCHIVE = "FILE_TYPE", "这是压缩包，请先解压，再逐个上传里面的表格。"
    BINARY_WORKBOOK = "FILE_TYPE", "这是二进制工作簿（.xlsb），请用 WPS 或 Excel 打开，另存为 .xlsx 后重新上传。"
    OPEN_DOCUMENT = "FILE_TYPE", "这是 .ods 格式的表格，请另存为 .xlsx 后重新上传。"
    PAGE_WITHOUT_TABLE = (
        "FILE_TYPE",
        "这个文件实际是网页，里面没有表格（可能是导出时登录已失效）。请重新登录后再导出，打开确认无误后上传。",
    )
    OTHER_XML = "FILE_TYPE", "这个文件是 XML 数据，不是表格。请用 WPS 或 Excel 打开，另存为 .xlsx 后重新上传。"
    UNKNOWN = "FILE_TYPE", "无法识别的文件类型。请上传 .xlsx、.xls、.et 或 .csv 格式的名册；其他格式请先另存为 .xlsx。"

    def __init__(self, code: str, sentence: str):
        self.code = code
        self.sentence = sentence


class FileRejected(Exception):
    """The file as a whole cannot be read. `code` is one of the FILE_ codes, `message` a Chinese sentence."""

    def __init__(self, reason: Reason, **words):
        self.reason = reason
        self.code = reason.code
        self.message = reason.sentence.format(**words)
        super().__init__(self.code)
