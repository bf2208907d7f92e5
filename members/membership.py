"""What the Party's rules ask of a membership: age, the probationary year, how long somebody was out of reach.

Pure: plain days in, answers out.
"""

from datetime import date

# 《中国共产党章程》第一条: 年满十八岁.
AGE_OF_JOINING = 18
# 《中国共产党章程》第七条: 预备党员的预备期为一年, from the day the 支部大会 accepted (PM-03).
PROBATION_YEARS = 1
# 《中国共产党党员教育管理工作条例》第二十四条: 失去联系六个月以上 before 停止党籍 (PM-07).
LOST_MONTHS = 6


def is_of_age(birth: date, on: date) -> bool:
    """Whether the eighteenth birthday has come; of one born on 29 February it is 1 March where there is no such day."""
    return (on.year - AGE_OF_JOINING, on.month, on.day) >= (birth.year, birth.month, birth.day)
