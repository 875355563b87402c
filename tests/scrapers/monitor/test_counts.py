"""A page is about as many subjects as it states in all, else about as many as it lists."""

import pytest

from scrapers.monitor.counts import count_subjects


@pytest.mark.parametrize(
    ("title", "paragraphs", "count"),
    [
        ("我市1042家企业连续三年获评纳税信用A级", ["总数居全省首位。"], 1042),
        ("58家企业获评劳动保障信用A级", ["其中工业园区17家，有3家被降为B级。"], 58),
        ("全市1.56万余户企业获评纳税信用A级", ["A级企业15630户，较上年增长16.4%。"], 15630),
        ("三十五家月嫂公司签署承诺书", ["全文公开。"], 35),
        ("“诚信经营示范户”出炉", ["共有十二家商铺上榜，近三年无有效投诉。"], 12),
        (
            "“守合同重信用”企业公示",
            ["拟认定甲乙电机有限公司、丙丁通信有限公司等126家企业，公示期7个工作日。"],
            126,
        ),
        ("一企业荣登诚信“红榜”", ["该公司与1300户茶农签了保底合同。"], 1),
        ("我市一人入选“身边好人”榜", ["他用九年还清债务。"], 1),
        ("信用修复承诺书", ["我公司已完成整改，现承诺如下。", "承诺单位：金岸物业服务有限公司"], 1),
        (
            "安全生产信用承诺公示",
            [
                "1 宏联化工有限公司 2019-05-28",
                "2 千灯树脂有限公司 2019-05-28",
                "3 丰泽涂料有限公司 2019-05-29",
            ],
            3,
        ),
        ("诚信企业名单", ["下列企业列入红榜：晋建工程有限公司、同创建设有限公司。"], 2),
        ("关于弘扬诚信的通知", ["名单见附件。"], None),
    ],
)
def test_subjects_are_counted(title: str, paragraphs: list[str], count: int | None) -> None:
    assert count_subjects(title, paragraphs)[0] == count
