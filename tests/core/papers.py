"""Papers for the tests of the PDF engine: invented places, long enough text, names with rare characters."""

from schoolsafety.core.pdf import blocks

SENTENCE = (
    "全区各中小学开展安全隐患排查工作严格落实责任制度"
    "对消防设施校舍结构食品卫生交通安全等方面进行全面检查发现问题及时整改"
)
MIXED = (
    "10月，全区共有128所学校开展日常巡查，上报隐患1024条；其中重大隐患3条，一般隐患980条，整改完成率为96.7%。"
    "“回头看”检查中，发现仍有部分学校责任落实不到位。"
)
RARE_NAMES = "喆堃珺瑄镕翀昇祎玥㛃"


def official(body=None, **changes):
    """A 文件 with everything the layout knows, except annexes."""
    data = {
        "mark": "江北区教育局文件",
        "number": "江北教安通〔2026〕12号",
        "title": "江北区教育局关于2026年10月全区学校安全隐患排查治理情况的通报",
        "author": "江北区教育局",
        "to": "各中小学、幼儿园",
        "sign": blocks.signature("江北区教育局", "2026年11月2日"),
        "copies": "市教育局，区消防救援大队",
        "printed_by": "江北区教育局办公室",
        "printed_on": "2026年11月2日",
    }
    body = body or [blocks.paragraph(SENTENCE * 20), blocks.paragraph(MIXED * 12)]
    return blocks.official(**(data | {"body": body} | changes))


def letter(body=None, **changes):
    """A 信函 of two pages."""
    data = {
        "mark": "江北区教育局",
        "number": "江北教安改〔2026〕12号",
        "title": "安全隐患整改通知书",
        "author": "江北区教育局",
        "to": "江北区育才小学",
        "sign": blocks.signature("江北区教育局", "2026年10月13日"),
        "copies": "区消防救援大队",
    }
    return blocks.letter(**(data | {"body": body or [blocks.paragraph(MIXED * 8)]} | changes))


def form(body=None, **changes):
    """A form of one page."""
    data = {"title": "学校安全周报", "author": "江北区育才小学", "footer": "江北区育才小学　第47周"}
    return blocks.form(**(data | {"body": body or [blocks.paragraph(MIXED)]} | changes))
