"""Which city a page is about. All occurrences are invented."""

from datetime import date

import pytest

from scrapers.monitor.city import Found, locate
from scrapers.monitor.gazetteer import Gazetteer
from scrapers.monitor.shapes import Article, Site


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return Gazetteer()


def site(name: str, kind: str = "media", city_code: str | None = None) -> Site:
    return Site("a_site", name, kind, city_code, kind != "media", "a-site.example")


NEWS = site("财经前哨")
NATIONAL = site("全国信用信息公示服务网", "credit")


def article(text: str, source: str = "", day: str = "2018-09-10") -> Article:
    """An article from its lines, the title being the first."""
    title, *paragraphs = text.split("\n")
    published = date.fromisoformat(day)
    return Article("http://a-site.example/1", title, (), source, published, tuple(paragraphs))


@pytest.mark.parametrize(
    ("text", "city_code"),
    [
        (
            "朝阳区一商贸公司被吊销许可证\n北京市朝阳区市场监管部门通报，一商贸公司批发假酒。",
            "110000",
        ),
        ("朝阳一企业拖欠工资\n辽宁省朝阳市人社局通报，建平县一企业拖欠工资。", "211300"),
        ("两起价格违法案\n长春市朝阳区一停车场多收费用，被责令退还。", "220100"),
        ("吉林一超市改日期\n吉林市船营区一家超市因篡改生产日期被罚。", "220200"),
        ("鼓楼法院宣判一案\n福州市鼓楼区人民法院对一起虚开案作出判决。", "350100"),
        ("鼓楼区一驾校收费不退\n徐州多名学员反映，鼓楼区一驾校拒绝退款。", "320300"),
        ("城关区一食品厂被查\n兰州市城关区市场监管局查处一家食品厂。", "620100"),
        ("市中区：过期酸奶改日期\n四川省乐山市市中区市场监管局通报一超市。", "511100"),
        ("通州一家具厂偷排\n北京市通州区环保局对一家具厂罚款。", "110000"),
    ],
)
def test_a_name_of_several_places_means_the_one_that_the_rest_speaks_of(
    places: Gazetteer, text: str, city_code: str
) -> None:
    assert locate(article(text), NEWS, places).city_code == city_code


@pytest.mark.parametrize(
    ("text", "city_code"),
    [
        ("南京东路一老店虚假宣传\n上海市黄浦区市场监管局对南京东路一家老店罚款。", "310000"),
        ("北京路步行街一商户售假\n广州市越秀区查处一商户售假。", "440100"),
        ("一商户售假被罚\n深圳福田区一商户在上海路口租了门面。", "440300"),
        ("江西安福一企业排污\n安福县环保局对一企业罚款，吉安市环保局维持。", "360800"),
        ("河南通报一起价格欺诈案\n郑州市金水区一家超市价格欺诈。", "410100"),
        ("“岭南康养小镇”未交房\n玉林市福绵区“岭南康养小镇”逾期交房。", "450900"),
    ],
)
def test_a_name_within_another_word_says_nothing(
    places: Gazetteer, text: str, city_code: str
) -> None:
    assert locate(article(text), NEWS, places).city_code == city_code


@pytest.mark.parametrize(
    ("text", "city_code"),
    [
        (
            "把保险当存款卖\n上海浦江安盾保险代理股份有限公司成都分公司被罚25万元。\n"
            "公司注册地在上海市浦东新区，2015年进入四川市场。",
            "510100",
        ),
        (
            "一装修公司收钱不干活\n合肥市包河区多名业主投诉，杭州美居装饰工程有限公司停工。\n"
            "公司总部位于杭州，客服称将协调。",
            "340100",
        ),
        (
            "团费游变购物游\n从云南回来的北京市民白女士说，她通过朝阳区一家门店报名。\n"
            "到大理市的第二天，导游把全车人带进玉器店。\n大理一旅行社已被吊销许可证。",
            "532901",
        ),
        (
            "总部在云南大理的房企 在海口栽在广告词上\n海口市市场监管局对大理一房企的分公司罚款。",
            "460100",
        ),
        ("充电器别买了\n昆山朗驰电器有限公司的产品不合格，大部分销往苏州、上海等地。", "320583"),
        ("沁阳邻县一镇政府赖账\n焦作市中级人民法院对博爱县一镇政府作出裁定。", "410800"),
    ],
)
def test_where_it_happened_counts_not_where_a_firm_or_someone_comes_from(
    places: Gazetteer, text: str, city_code: str
) -> None:
    assert locate(article(text), NEWS, places).city_code == city_code


@pytest.mark.parametrize(
    ("text", "city_code"),
    [
        ("浙江义乌：一企业爆燃\n浙江省金华市义乌市佛堂镇一家企业发生爆燃。", "330782"),
        ("浦江一水晶厂偷排\n浙江省金华市浦江县环保局对一水晶厂罚款。", "330700"),
        ("磐石法院承认拖久了\n吉林市中级人民法院核查认为，磐石市人民法院消极执行。", "220284"),
        ("迁安一钢厂造假\n唐山市迁安市这家企业就在距北京两百公里处。", "130283"),
        ("一镇政府欠款\n湖北汉江源纺织有限公司位于仙桃市毛嘴镇，没有等来补偿款。", "429004"),
        ("石河子一纺织厂欠薪\n新疆石河子市人社局查处一纺织厂。", "659001"),
    ],
)
def test_a_county_level_city_is_its_own_and_a_county_its_prefectures(
    places: Gazetteer, text: str, city_code: str
) -> None:
    assert locate(article(text), NATIONAL, places).city_code == city_code


@pytest.mark.parametrize(
    ("watched", "text", "source", "city_code"),
    [
        (
            site("信用杭州", "credit", "330100"),
            "远离校园贷\n学生仍须按月还款。",
            "市金融办",
            "330100",
        ),
        (site("信用杭州", "credit", "330100"), "课堂里的诚信\n下城区一所小学开讲。", "", "330100"),
        (
            site("信用杭州", "credit", "330100"),
            "荣成打造新模式\n山东省荣成市打造信用志愿服务新模式。",
            "荣成市信用办",
            "371082",
        ),
        (
            site("吉林市人民政府", "government", "220200"),
            "一起采购舞弊的处理决定\n供应商长春市泰禾教学设备有限公司提供伪造报告。\n吉林市财政局",
            "市财政局",
            "220200",
        ),
        (
            site("南京市人民政府", "government", "320100"),
            "列入黑名单的决定\n江苏淮宏建设工程有限公司（注册地：淮安市清江浦区）在我市转包工程。",
            "",
            "320100",
        ),
        (
            site("金华市人民政府", "government", "330700"),
            "我市召开推进会\n会议听取了义乌市、东阳市、永康市的汇报，市发改委部署下一步工作。",
            "",
            "330700",
        ),
        (
            site("金华市人民政府", "government", "330700"),
            "义乌曝光十家失信企业\n义乌市市场监管局曝光十家失信企业。",
            "",
            "330782",
        ),
        (
            site("凌源市人民政府", "government", "211382"),
            "朝阳通报一口腔门诊超范围执业案 我市开展检查\n"
            "朝阳市卫生健康委通报：位于双塔区的朝阳雅皓口腔门诊部有限公司被罚款5000元。\n"
            "我市卫生健康局将对全市口腔机构开展检查。",
            "",
            "211300",
        ),
        (
            site("茂名市生态环境局", "government", "440900"),
            "行政处罚决定书\n当事人：茂名高州荔香罐头食品有限公司\n住所：高州市石鼓镇工业园\n"
            "我局决定罚款32万元，你公司可向茂名市人民政府申请复议。",
            "",
            "440981",
        ),
        (
            site("北京市朝阳区人民政府", "government", "110000"),
            "朝阳区移送线索 天津查处一网约车平台\n朝阳区执法人员将线索移送天津市交通运输部门。\n"
            "天津津驰出行科技有限公司在天津市内违规派单，被天津市交通运输总队罚款。",
            "区交通支队",
            "120000",
        ),
        (site("苏州日报"), "我市公布十起欠薪案\n市人社局昨天公布十起欠薪案件。", "", "320500"),
        (
            site("延吉市人民法院", "court", "222401"),
            "对延边和盛食品公司查封案的回应\n本院现就整改情况作出回应。",
            "",
            "222401",
        ),
    ],
)
def test_the_site_tells_what_the_page_leaves_out_and_no_more(
    places: Gazetteer, watched: Site, text: str, source: str, city_code: str
) -> None:
    assert locate(article(text, source), watched, places).city_code == city_code


@pytest.mark.parametrize(
    ("text", "day", "city_code"),
    [
        ("莱芜一钢厂偷排\n莱芜市环保局对一钢厂罚款。", "2018-06-10", "371200"),
        ("莱芜区一钢厂偷排\n济南市莱芜区生态环境分局对一钢厂罚款。", "2019-06-10", "370100"),
        ("京山一磷矿污染\n京山县环保局责令停产。", "2017-09-01", "420800"),
        ("京山一磷矿污染\n京山市环保局责令停产。", "2018-09-01", "420882"),
        ("大丰一建材厂偷税\n盐城市大丰区地税局通报一建材厂。", "2016-10-27", "320900"),
    ],
)
def test_a_place_is_what_it_was_in_the_month_of_the_page(
    places: Gazetteer, text: str, day: str, city_code: str
) -> None:
    assert locate(article(text, day=day), NEWS, places).city_code == city_code


@pytest.mark.parametrize(
    ("text", "city_code", "where"),
    [
        ("平台跑路\n本报武汉专电 负责人被刑拘，北京有三百余名出借人。", "420100", "dateline"),
        ("非法集资案告破\n中新网厦门9月10日电 受害者遍及泉州、漳州、福州。", "350200", "dateline"),
        ("虚开发票获刑\n判决书（2018）苏0303刑初112号认定，该公司虚开发票。", "320300", "case"),
        ("民办学校败诉\n（2018）京0108民初3321号判决书判令退还学费。", "110000", "case"),
        (
            "关于印发信用管理办法的通知\n穗府办规〔2018〕12号\n现将办法印发给你们。",
            "440100",
            "document",
        ),
        ("严重失信名单\n单位名称：锦绣服饰，91320581MA1NK4T639。", "320581", "code"),
    ],
)
def test_datelines_and_numbers_tell_a_city(
    places: Gazetteer, text: str, city_code: str, where: str
) -> None:
    found = locate(article(text), NEWS, places)
    assert found.city_code == city_code
    assert found.why.startswith(where)


def test_of_several_cities_the_first_is_meant(places: Gazetteer) -> None:
    text = (
        "各地曝光典型案例\n案例一：大连市某加油站计量作弊。\n"
        "案例二：青岛市某超市价格欺诈。\n案例三：厦门市某宾馆哄抬价格。"
    )
    assert locate(article(text), NATIONAL, places).city_code == "210200"


@pytest.mark.parametrize(
    "text",
    [
        "儿童玩具抽检\n全国性抽检显示，30批次不合格。",
        "浙江省发布信用条例\n浙江省近日发布公共信用信息条例。",
        "巴东一茶厂偷税\n湖北省恩施州巴东县税务局通报一茶厂。",
        "",
    ],
)
def test_nothing_is_guessed_where_no_city_is_named(places: Gazetteer, text: str) -> None:
    assert locate(article(text), NEWS, places).city_code is None


def test_why_names_the_words_and_where_they_stand(places: Gazetteer) -> None:
    page = article("义乌一企业售假\n义乌市市场监管局查处一企业。某某承认售假。", "义乌日报")
    assert locate(page, site("信用金华", "credit", "330700"), places) == Found(
        "330782", 0.799, "title 义乌; lead 义乌市; source 义乌"
    )


def test_confidence_falls_with_a_rival(places: Gazetteer) -> None:
    clear = locate(article("杭州一企业售假\n杭州市查处一企业。"), NEWS, places)
    rivalled = locate(article("杭州一企业在宁波售假\n宁波市与杭州市查处一企业。"), NEWS, places)
    assert clear.confidence > 0.8 > rivalled.confidence
