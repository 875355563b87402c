"""What offices call the columns and words of extracts, in Chinese and English.

Names are compared as `plain` makes them. A column that nothing here names is never read.
"""

import unicodedata

_COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("credit_code", "统一社会信用代码", "社会信用代码", "信用代码"),
    "city_code": ("城市代码", "行政区划代码", "区划代码", "所在城市代码"),
    "registered": ("registered_date", "成立日期", "登记日期", "注册日期"),
    "cancelled": ("cancelled_date", "注销日期"),
    "list": ("list_type", "名单类型", "名单类别", "名单名称"),
    "listed": ("listed_date", "列入日期", "认定日期"),
    "delisted": ("delisted_date", "移出日期", "退出日期"),
    "violations": ("violation_records", "失信记录数", "违法记录条数", "违法记录数"),
    "certification": ("customs_certification", "海关信用等级", "海关认证等级", "认证等级"),
    "decision": ("decision_type", "决定类型", "行政决定类型"),
    "decided": ("decided_date", "决定日期", "作出决定日期"),
    "published": ("published_date", "公示日期", "公开日期"),
    "passed": ("passed_date", "转交日期", "交办日期", "转办日期"),
    "integrated": ("是否接入", "是否对接", "是否联通"),
    "issued": ("issued_date", "赋码日期", "发码日期"),
    "state": ("code_state", "代码状态", "赋码状态"),
    "mapped": ("mapped_date", "映射日期", "转换日期"),
}
_GRADES: dict[str, tuple[str, ...]] = {
    "evaluations": (
        "grade",
        "evaluation_grade",
        "评价等级",
        "综合评价等级",
        "公共信用综合评价等级",
    ),
    "taxpayers": ("grade", "tax_grade", "纳税信用等级", "纳税信用级别"),
}
_ASIDE: dict[str, tuple[str, ...]] = {
    # What kind of subject a record is about: those about natural persons are dropped.
    "subject": ("subject_type", "主体类型", "主体类别", "行政相对人类别"),
    # The month that the extract says it is of.
    "period": ("month", "数据月份", "报送月份", "所属月份"),
    # What tells records apart that are otherwise alike: of two decisions on one day, the documents.
    "number": (
        "record_number", "document_number", "记录编号", "文书号", "决定文书号", "行政决定文书号",
        "大厅编号",
    ),
}  # fmt: skip
ASIDE = tuple(_ASIDE)
"""Columns that are looked at, where there are any, and never kept."""

WORDS: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("lists", "list"): {
        "black": ("黑名单", "失信黑名单", "严重失信主体名单"),
        "focused_watch": ("focused watch", "重点关注名单", "重点关注"),
        "red": ("红名单", "守信红名单"),
    },
    ("evaluations", "grade"): {
        "excellent": ("优", "优秀"),
        "good": ("良", "良好"),
        "fair": ("中", "一般"),
        "poor": ("差", "较差"),
    },
    ("taxpayers", "grade"): {
        "A": ("A级",),
        "B": ("B级",),
        "M": ("M级",),
        "C": ("C级",),
        "D": ("D级",),
    },
    ("customs", "certification"): {
        "advanced": ("高级认证企业", "高级认证"),
        "general": ("一般认证企业", "一般认证"),
        # Registered, but not certified: whatever else customs says of an enterprise.
        "registered": ("一般信用企业", "注册登记和备案企业", "失信企业"),
    },
    ("disclosures", "decision"): {
        "permit": ("行政许可", "许可"),
        "penalty": ("行政处罚", "处罚"),
    },
    ("codes", "state"): {
        "valid": ("正常", "有效", "正确"),
        "wrong": ("错误", "错码", "错误未更正"),
        "corrected": ("已更正", "已纠正", "错误已更正"),
    },
}
"""By kind of record and column: each word that is kept, and what else it is called."""
YES_NO = {
    **dict.fromkeys(("1", "是", "yes", "true", "已接入"), "1"),
    **dict.fromkeys(("0", "否", "no", "false", "未接入"), "0"),
}
"""Plain word → figure."""
NATURAL_PERSON = ("自然人", "个人", "naturalperson", "natural_person", "person")


def plain(text: str) -> str:
    """Full-width characters made half-width, capitals small, spaces gone."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def columns(kind: str) -> dict[str, str]:
    """What the columns of a kind of record are called, and those of ASIDE: plain name → column."""
    called = {**_COLUMNS, **_ASIDE, "grade": _GRADES.get(kind, ())}
    return {plain(name): column for column, names in called.items() for name in (column, *names)}


def words(kind: str, column: str) -> dict[str, str]:
    """What the words of a column are called: plain word → word as it is kept."""
    called = WORDS[kind, column]
    return {plain(name): word for word, names in called.items() for name in (word, *names)}


def in_chinese(kind: str, column: str) -> str:
    """What offices mostly call a column; raises StopIteration where it has no Chinese name."""
    names = _GRADES[kind] if column == "grade" else {**_COLUMNS, **_ASIDE}[column]
    return next(name for name in names if not name.isascii())
