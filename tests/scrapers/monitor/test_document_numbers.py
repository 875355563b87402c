"""A document's number is read in any writing, and the one that a rule carries out is told from others."""

import pytest

from scrapers.monitor.documents import national_document


@pytest.mark.parametrize(
    "written",
    [
        "国发〔2016〕33号",
        "国发[2016]33号",
        "国发（2016）33号",
        "国发【2016】33号",
        "国发［２０１６］３３号",
        "国发﹝2016﹞33号",
        "国发〔2016〕 33 号",
        "国发〔2016〕第33号",
    ],
)
def test_brackets_and_digits_of_any_kind_become_one_form(written: str) -> None:
    text = f"为贯彻《国务院关于建立完善守信联合激励制度的指导意见》（{written}），制定本办法。"
    assert national_document(text) == "国发〔2016〕33号"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (
            "根据《企业环境信用评价办法（试行）》（环发〔2013〕150号），制定本办法。",
            "环发〔2013〕150号",
        ),
        (
            "为贯彻国办发〔2019〕35号、浙政办发〔2019〕1号文件精神，提出如下意见。",
            "国办发〔2019〕35号",
        ),
        ("为落实浙政办发〔2019〕1号、国办发〔2019〕35号文件，提出如下意见。", "国办发〔2019〕35号"),
        ("按照《保障农民工工资支付条例》（国务院令第724号）制定本细则。", "国务院令第724号"),
        (
            "现将《关于加强会计人员诚信建设的指导意见》（财会〔2018〕9号）转发给你们。",
            "财会〔2018〕9号",
        ),
    ],
)
def test_the_ground_of_a_rule_is_the_national_document(text: str, number: str) -> None:
    assert national_document(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "根据《浙江省公共信用信息管理条例》（浙政发〔2018〕12号），制定本办法。",
        "制定本办法。红黑名单的认定参照发改财金规〔2017〕1798号文件执行。",
        "本办法自印发之日起施行，国发〔2007〕1号同时废止。",
        "昆人社规〔2018〕4号",
        "根据市政府要求，制定本办法。",
        "根据实际制定本办法。" + "第三条规定略。" * 100 + "根据国发〔2016〕33号处理。",
    ],
)
def test_provincial_repealed_and_merely_named_documents_do_not_count(text: str) -> None:
    assert national_document(text) is None
