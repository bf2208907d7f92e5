"""What an uploaded scan is, told by its bytes: the name and the type a browser sends are not believed."""

import enum
import re

MB = 1024 * 1024
MAX_BYTES = 10 * MB

EMPTY = "文件里没有内容，请检查是否选错了文件。"
TOO_LARGE = f"文件超过 {MAX_BYTES // MB} MB，请降低扫描分辨率，或者分成几份上传。"
WRONG_TYPE = "这不是 PDF、JPG 或 PNG 文件（按内容判断，不看扩展名），请另存为这三种格式之一后上传。"
INCOMPLETE = "文件不完整，可能没有扫描完或者没有传完，请重新导出后上传。"
ACTIVE = "这份 PDF 带有脚本或外部程序，出于安全不予接收，请重新扫描或者打印成新的 PDF 后上传。"

# How far from its end a whole file has its closing mark: scanners add a little behind it.
TAIL = 2048
SCRIPTS = re.compile(rb"/(?:JavaScript|Launch)\b")
LONGEST_NAME = 100
NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]')


class ScanType(enum.Enum):
    """`(media type, ending)` of what a scan may be."""

    PDF = "application/pdf", ".pdf"
    JPEG = "image/jpeg", ".jpg"
    PNG = "image/png", ".png"

    @property
    def media_type(self) -> str:
        """As the Content-Type says it."""
        return self.value[0]

    @property
    def ending(self) -> str:
        """With its dot."""
        return self.value[1]


# {first bytes: (type, mark near the end of a whole file)}
SIGNATURES = {
    b"%PDF-": (ScanType.PDF, b"%%EOF"),
    b"\xff\xd8\xff": (ScanType.JPEG, b"\xff\xd9"),
    b"\x89PNG\r\n\x1a\n": (ScanType.PNG, b"IEND\xaeB`\x82"),
}


class ScanRefused(Exception):
    """The file cannot be taken; `str()` is one Chinese sentence."""


def type_of(data: bytes) -> ScanType:
    """The type of a scan's bytes; ScanRefused when it is empty, too large, of another type, cut off or active."""
    if not data.strip(b"\0 \t\r\n"):
        raise ScanRefused(EMPTY)
    if len(data) > MAX_BYTES:
        raise ScanRefused(TOO_LARGE)
    found = next((each for start, each in SIGNATURES.items() if data.startswith(start)), None)
    if found is None:
        raise ScanRefused(WRONG_TYPE)
    kind, closing = found
    if closing not in data[-TAIL:]:
        raise ScanRefused(INCOMPLETE)
    if kind is ScanType.PDF and SCRIPTS.search(data):
        raise ScanRefused(ACTIVE)
    return kind


def name_of(file_name: str, kind: ScanType) -> str:
    """The name under which a scan is listed and handed out: the user's own without folders, its ending the true one."""
    base = re.split(r"[\\/]", file_name)[-1]
    stem = base.rpartition(".")[0] or base
    stem = NOT_IN_NAMES.sub("", stem).strip(". ")[:LONGEST_NAME]
    return f"{stem or '扫描件'}{kind.ending}"
