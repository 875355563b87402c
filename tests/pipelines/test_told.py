"""What the reader decided and why is said in words, and titles and addresses do no harm."""

import pytest

from pipelines.pages import told
from scrapers.monitor.lexicon import lexicon
from scrapers.monitor.shapes import AFFAIR_OF, SEVERITIES, SUBJECTS
from scrapers.web.verdict import WEIGHTS
from templates import catalogue
from warehouse.contracts.ledger import KINDS


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        ("criminal case: 对该公司立案", "刑事立案：对该公司立案", "criminal case: 对该公司立案"),
        ("1,000 victims: 3000名", "受害者一千人以上：3000名", "1,000 victims or more: 3000名"),
        ("nothing graver found", "未见更重情节", "nothing graver found"),
        ("title 义乌; lead 义乌市 ×2", "标题 义乌；开头 义乌市 ×2", "title 义乌; beginning 义乌市 ×2"),
        ("tourism: 旅游、民宿", "旅游：旅游、民宿", "tourism: 旅游, 民宿"),
        (
            "model 0.77: cue text.kind.penalty、pattern title.one business、site media、骗",
            "模型判断，概率0.77：正文有“处罚”类用语、标题有单个企业、网站属媒体、骗",
            "model, probability 0.77: words of “penalty” in the text, one business in the title, "
            "the site is media, 骗",
        ),
        (
            "model 0.61: cue text.finance.decisive、cue text.finance.scope",
            "模型判断，概率0.61：正文有“金融”类用语",
            "model, probability 0.61: words of “finance” in the text",
        ),
        ("firm 钱江; text 0.83", "企业 钱江；文本相似度0.83", "firm 钱江; likeness of texts 0.83"),
        ("something new 处罚", "something new 处罚", "something new 处罚"),
        ("P2P平台 app2", "P2P平台 app2", "P2P平台 app2"),
    ],
)  # fmt: skip
def test_a_reason_is_put_into_words(said: str, zh: str, en: str) -> None:
    assert told.reason(said, "zh") == zh
    assert told.reason(said, "en") == en


def test_a_reason_is_no_longer_than_fits() -> None:
    assert len(told.reason("违" * 9000, "zh").encode()) < 310


def test_decisions_are_named() -> None:
    why = '{"field": "health: 医院", "unheard_of": "数"}'
    assert told.decisions(why, "zh") == [("领域", "医药卫生：医院"), ("unheard_of", "数")]
    assert told.decisions("", "zh") == []


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("\u202e卡充值\u202c 跑\u200b路\ufeff", "卡充值 跑路"),
        (" 两行\r\n\t标题\x00 ", "两行 标题"),
        ("失信" * 200, "失信" * 60 + "…"),
        ("", ""),
    ],
)
def test_a_title_hides_and_turns_nothing(line: str, shown: str) -> None:
    assert told.title(line) == shown


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://www.site.example/1.html", True),
        ("http://www.site.example/1.html", True),
        ("javascript:alert(1)", False),
        ("data:text/html,1", False),
        ("//elsewhere.example", False),
        ("http://www.site.example/" + "a" * 5000, False),
    ],
)
def test_only_addresses_of_the_web_are_linked(url: str, linked: bool) -> None:
    assert bool(told.address(url)) is linked


def test_everything_that_monitoring_names_has_words() -> None:
    wanted = {f"field.{name}" for name in AFFAIR_OF}
    wanted |= {f"affair.{name}" for name in AFFAIR_OF.values()}
    wanted |= {f"subject.{name}" for name in SUBJECTS}
    wanted |= {f"severity.{name}" for name in SEVERITIES}
    wanted |= {f"site_reason.{reason}" for reason in WEIGHTS}
    wanted |= {f"verdict.{verdict}" for verdict in WEIGHTS.values()}
    wanted |= {f"page_kind.{kind}" for kind in KINDS[:2]} | {f"ledger.{k}" for k in KINDS[2:]}
    wanted |= {f"ledger.how_{name}" for name in ("events", *KINDS[2:])}
    cues = (cue.partition("kind.")[2] for cue in lexicon().cues)
    wanted |= {f"told.{cue}" for cue in cues if cue}
    assert not {key for key in wanted if not catalogue.has(key)}
