"""What a check finds."""

from dataclasses import dataclass

KEY_REMEDY = "换回写入这个数据库时使用的数据密钥；密钥无误的，从备份恢复这条记录"


@dataclass(frozen=True)
class Contradiction:
    """One record that contradicts another: which table, which record, what is wrong and what to do about it."""

    table: str
    record: str
    wrong: str
    remedy: str

    def __str__(self):
        return f"{self.table}{self.record}：{self.wrong}。处理：{self.remedy}。"


def named(name: str, code: str, uid) -> str:
    """How a line calls an organization: by name and code, without a code by its uid."""
    return f"“{name}”（{f'编码 {code}' if code else f'标识 {uid}'}）"


def of_uid(uid) -> str:
    """How a line calls a record that has no name to be told by; people are never named."""
    return f"（标识 {uid}）"
