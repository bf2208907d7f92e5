"""What a web server does once before its first request."""

import logging

from django.db import DatabaseError

from orgs.crypto import check_database_key
from orgs.enums import BatchState
from orgs.jobs import settle_interrupted

logger = logging.getLogger(__name__)


def prepare() -> None:
    """Refuse a database written with another data key; settle imports that a killed process left behind.

    DataKeyError stops the start with its sentence. A database that is away or not
    yet migrated does not: its pages say so themselves until it is back.
    """
    try:
        check_database_key()
        # A check that was cut off is taken up by the worker.
        settled = settle_interrupted(states=[BatchState.APPLYING, BatchState.UNDOING])
    except DatabaseError:
        logger.warning("数据库暂时无法访问或尚未迁移，启动检查未完成。")
        return
    if settled:
        logger.warning("有 %d 个导入批次上次写入或撤销被中断，没有改动数据，可重新确认或撤销。", settled)
