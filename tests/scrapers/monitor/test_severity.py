"""An event's severity follows from what its page states, each amount and negation read in its place."""

import pytest

from scrapers.monitor.severity import severity


def told(text: str, subject: str = "enterprise", field: str = "manufacturing") -> str:
    return severity(text, subject, field).severity


@pytest.mark.parametrize(
    "text",
    [
        "车间发生爆燃，造成2人死亡、5人受伤。",
        "事故致三人遇难。",
        "一名工人经抢救无效身亡。",
        "9名就诊者发生感染并住院治疗。",
        "伤者被送往市第一医院救治。",
        "平台尚有7.6亿元未兑付。",
        "涉案金额过亿元。",
        "该公司虚开发票，价税合计三亿四千万元。",
        "尚有1900户家庭未退费。",
        "涉及投资人1.2万余名。",
        "上千名学员退费无门。",
        "生态环境部通报近期发现的典型问题，该公司监测数据造假。",
        "该厂被国家市场监督管理总局点名。",
    ],
)
def test_deaths_wounds_crowds_fortunes_and_national_authorities_are_major(text: str) -> None:
    assert told(text) == "major"


@pytest.mark.parametrize(
    "text",
    [
        "将该公司列入建筑市场主体“黑名单”，期限一年。",
        "重大税收违法失信案件信息公布（2018年第三批）",
        "该社被吊销旅行社业务经营许可证。",
        "市财政局撤销其执业许可。",
        "公安机关以涉嫌假冒注册商标罪立案侦查。",
        "责令停止违法行为，罚款120万元。",
        "开出一百二十万元罚单。",
        "该公司被罚百万。",
        "市卫生健康委员会吊销其医疗机构执业许可证。",
        "市体育局建议将其列入严重违法失信企业名单，目前已完成列入并公示。",
        "一名工作人员收受财物，被采取留置措施。",
    ],
)
def test_lists_lost_licences_criminal_cases_and_large_fines_are_serious(text: str) -> None:
    assert told(text) == "serious"


@pytest.mark.parametrize(
    "text",
    [
        "所幸未造成人员伤亡，罚款2万元。",
        "无人员住院，企业被责令改正。",
        "医院虚构住院骗取医保基金3万元，罚款6万元。",
        "该公司注册资本1.5亿元，因标签不合格被罚2万元。",
        "该公司去年销售额3亿元，此次罚款9.8万元。",
        "罚款98.6万元，责令限制生产三个月。",
        "近千名会员投诉，责令退款。",
        "公司招募刷手8000余人，罚款20万元。",
        "执法人员发放资料5000余份，对该店罚款1万元。",
        "国家税务总局杭州市税务局公布一起案件，罚款3万元。",
        "环境保护部门作出处罚，罚款5万元。",
        "根据国家市场监管总局部署开展检查，对该店罚款1万元。",
        "逾期不改的，将被列入严重违法失信名单；现罚款5千元。",
        "该公司被列入经营异常名录。",
        "情节严重的可吊销许可证，此次予以警告。",
        "两家供应商恶意串通，各罚款2万元，列入不良行为记录名单，一年内禁止参加政府采购活动。",
        "涉及网店1942家，罚款3万元。",
        "该厂未缴社会保险费，职工孕期住院要报销时才发现。",
        "处罚金额3万元。",
        "驾驶员被吊销驾驶证，公司罚款2万元。",
    ],
)
def test_what_did_not_happen_or_is_of_another_thing_leaves_an_event_ordinary(text: str) -> None:
    assert told(text) == "ordinary"


@pytest.mark.parametrize(
    ("text", "field", "grade"),
    [
        ("法院判决县政府支付486万元，判决生效后县政府仍未履行。", "promise_keeping", "serious"),
        ("镇政府盖章承诺支付搬迁补偿，承诺期满后一直拖欠。", "promise_keeping", "serious"),
        ("街道在居民会上口头答应修路，至今未动工，投诉属实。", "promise_keeping", "ordinary"),
        ("该中心未履行书面承诺，再次编造数据。", "trust_system", "serious"),
        ("判决责令六十日内重新作出决定，该局迟迟没有下文。", "administration_by_law", "serious"),
        ("未按规定履行告知程序，街道向当事人书面道歉。", "administration_by_law", "ordinary"),
    ],
)
def test_a_public_body_that_leaves_a_judgment_or_written_promise_is_serious(
    text: str, field: str, grade: str
) -> None:
    assert told(text, "government", field) == grade


def test_the_finding_names_rule_and_words() -> None:
    assert (
        severity("罚款120万元。", "enterprise", "ecommerce").why
        == "fine of 1 million yuan: 罚款120万元"
    )
