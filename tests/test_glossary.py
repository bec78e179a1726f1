"""Each term has one Chinese partner, and the messages use it."""

import csv
import re
from collections import Counter
from functools import cache

import pytest

from rgteach import wording

COLUMNS = ["term", "zh", "gloss_en", "gloss_zh"]
# Words that also have an everyday meaning ("did you mean", "the range of levels") are not held to one
# translation; what is written as code is left out.
EVERYDAY = set("event feature label mean offset outcome range sample scan slice window".split())
EVERYDAY |= {"bin edge", "rescale slope"}
SHORT = {"bin count": "箱数", "bin width": "箱宽"}  # the number itself, rather than the way of quantising
CODE = re.compile(
    r"`[^`]*`|\{[^}]*\}|[\w.]+\([^()]*\)|rg\.\w+|\w+=\S+|\S+\.(?:csv|nii|dcm|gz|json)\S*|\w+(?:,\w+)+|\w+_\w+"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def glossary(root):
    with (root / "rgteach" / "glossary.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert list(rows[0]) == COLUMNS
    return rows


def test_glossary__every_entry_is_complete(glossary):
    for row in glossary:
        assert all(row[column] and row[column] == row[column].strip() for column in COLUMNS), row
        assert CHINESE.search(row["zh"]), row
        assert CHINESE.search(row["gloss_zh"]), row
        assert not CHINESE.search(row["term"] + row["gloss_en"]), row
        assert None not in row


@pytest.mark.parametrize("column", ["term", "zh"])
def test_glossary__every_term_is_there_once(glossary, column):
    counts = Counter(row[column].lower() for row in glossary)
    assert [term for term, n in counts.items() if n > 1] == []


def test_glossary__glosses_are_short(glossary):
    assert [row["term"] for row in glossary if len(row["gloss_en"]) > 80 or len(row["gloss_zh"]) > 40] == []


@pytest.mark.parametrize(
    ("term", "zh"),
    [
        ("VOI", "感兴趣体积"), ("ROI", "感兴趣区"), ("voxel spacing", "体素间距"), ("gray level", "灰度级"),
        ("bin count", "固定箱数"), ("bin width", "固定箱宽"), ("offset", "偏移"), ("GLCM", "灰度共生矩阵"),
        ("significance level", "显著性水平"), ("penalty strength", "惩罚强度"), ("p-value", "P 值"),
        ("adjusted p-value", "校正 P 值"), ("per-comparison error rate", "每次比较错误率"),
        ("family-wise error rate", "族错误率"), ("false discovery rate", "错误发现率"), ("event", "事件"),
        ("repeatability", "重复性"), ("reproducibility", "再现性"), ("peritumoral ring", "瘤周环"),
        ("random seed", "随机种子"), ("skewness", "偏度"), ("kurtosis", "峰度"), ("contrast", "对比度"),
        ("correlation", "相关性"), ("homogeneity", "同质性"), ("inverse difference moment", "逆差矩"),
    ],
)  # fmt: skip
def test_glossary__holds_the_names_of_the_house(glossary, term, zh):
    assert {row["term"]: row["zh"] for row in glossary}[term] == zh


@cache
def without_code(text):
    """A message in small letters, without what is written as code."""
    return CODE.sub(" ", text).lower()


def misused(term, zh, messages):
    """The messages whose English has a term and whose Chinese has neither its partner nor the term itself."""
    term = term.lower()
    within = [message for message in messages if term in without_code(message[1])]  # quicker than a pattern
    word = re.compile(rf"(?<![\w-]){re.escape(term)}s?(?![\w-])")
    used = [message for message in within if word.search(without_code(message[1]))]
    return [key for key, _, chinese in used if zh not in chinese and term not in chinese.lower()]


def test_glossary__messages_use_the_partner_of_each_term(glossary):
    messages = []
    for key, entry in wording._words().items():
        pairs = [(entry["en"], entry["zh"])]
        if isinstance(entry["en"], dict):
            pairs = [(entry["en"][part], entry["zh"][part]) for part in entry["en"]]
        messages += [(key, english, chinese) for english, chinese in pairs]
    found = {
        row["term"]: misused(row["term"], SHORT.get(row["term"], row["zh"]), messages)
        for row in glossary
        if row["term"] not in EVERYDAY
    }
    assert {term: keys for term, keys in found.items() if keys} == {}


def test_glossary__a_second_translation_would_be_seen():
    assert misused("skewness", "偏度", [("a", "The skewness is 0.", "斜度为 0。")]) == ["a"]
    assert misused("skewness", "偏度", [("a", "The skewness is 0.", "偏度为 0。")]) == []
