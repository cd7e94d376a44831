"""Arabic: words match with the article, clitics, pronouns and plurals that are written as part of them."""

from __future__ import annotations

from functools import cache

import pytest

from tests.rules.given import hits, ruleset

# word of the rule | forms | look-alikes
ROWS = """
قوات | القوات, والقوات, بقوات, للقوات, قواتها, وقواته, قوة | قوانين, وقت, قنوات
جيش | الجيش, والجيش, للجيش, جيوش, جيشها, بالجيش | جاش, جيران
جندي | الجندي, جنود, الجنود, وجنود, بجنوده | جنديرا, جدي
صاروخ | صواريخ, الصواريخ, بصواريخ, صاروخا, بالصاروخ | صاخب, صراخ
عقوبات | العقوبات, وعقوبات, عقوبة, بالعقوبات | عقبات, عاقبة
هجوم | الهجوم, هجوما, بهجوم, هجومها, هُجُوم | نجوم, هموم
أرسل | ارسل, أرسلت, يرسل, سيرسل, ترسل, وأرسل | رسول, مراسل
قتل | يقتل, قتلت, وقتل, قتلوا | قاتم, قبل
رئيس | الرئيس, رؤساء, والرئيس, رئيسها | رئة, رأس
اتفاق | الاتفاق, باتفاق, اتفاقات, اتفاقا, للاتفاق | آفاق, نفاق
حرب | الحرب, حروب, والحرب, بحرب, حربها | حزب, حراب
سلم | السلم, والسلم | تسلم, إسلام, الإسلام
جامعة | الجامعة, جامعات, بجامعة | جامع, الجامع
إيران | ايران, وإيران, لإيران, بإيران | إيراد, نيران
قوة عسكرية | القوة العسكرية, قوات عسكرية, بالقوة العسكرية | القوة, العسكرية
محمد | مـحـمـد, مُحَمَّد, ومحمد | أحمد, محمود
"""


@cache
def rules():
    bodies = [
        f'rule: r{number}\nmatch: "{line.split("|")[0].strip()}"'
        for number, line in enumerate(ROWS.strip().splitlines())
    ]
    return ruleset("\n---\n".join(["language: ar", *bodies]), inflect=True)


@pytest.mark.parametrize(
    ("number", "row"),
    [pytest.param(n, row, id=row.split("|")[0].strip()) for n, row in enumerate(ROWS.strip().splitlines())],
)
def test_a_word_matches_its_forms_and_nothing_else(number, row):
    good, bad = ([text.strip() for text in part.split(",")] for part in row.split("|")[1:])
    assert [text for text in good if f"r{number}" not in hits(rules(), text, language="ar")] == []
    assert [text for text in bad if f"r{number}" in hits(rules(), text, language="ar")] == []


def test_the_whole_token_is_shown():
    found = ruleset('language: ar\n---\nrule: a\nmatch: "قوات ... سوريا"', inflect=True)
    assert hits(found, "أمريكا ترسل <b>القوّات</b> وقواتها إلى سوريا", language="ar") == {"a": ["وقواتها", "سوريا"]}


def test_an_exact_word_has_neither_article_nor_forms():
    found = ruleset('language: ar\n---\nrule: a\nmatch: "=جيش"', inflect=True)
    assert hits(found, "الجيش والجيش جيوش", language="ar") == {}
    assert hits(found, "جيش كبير", language="ar") == {"a": ["جيش"]}
