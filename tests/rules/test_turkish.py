"""Turkish: words match with their case endings, names with and without the apostrophe."""

from __future__ import annotations

from functools import cache

import pytest

from tests.rules.given import fires, hits, ruleset

ROWS = """
asker | askerler, askerleri, askerlerin, askere, ASKERLERİ | askerlik, askersiz
füze | füzeler, füzeyi, füzenin, füzelerle | füzyon, füzeci
saldırı | saldırılar, saldırıya, saldırının, SALDIRI, saldırısında | saldırgan, saldırıcı
yaptırım | yaptırımlar, yaptırımları, yaptırıma | yaptırımsız, yapı
göndermek | gönderdi, gönderiyor, gönderecek, göndermek | gönül
ateşkes | ateşkesi, ateşkesin, ateşkeste | ateş
anlaşma | anlaşmayı, anlaşmanın, anlaşmalar | anlam
Rusya | Rusya'ya, Rusya’nın, Rusyaya, Rusya'dan, RUSYA'DAN | Rus, rusya'ya Gitti
Putin | Putin'in, Putin'den, Putinin | Putinci, Putlar
NATO | NATO'nun, NATO'ya | Nato'nun, natocu
Ankara | Ankara'daki, Ankara'da, Ankarada | Ankaralı
İstanbul | İstanbul'da, İstanbul'un, İSTANBUL'DA | Stanbul
"""


@cache
def rules():
    bodies = [
        f'rule: r{number}\nmatch: "{line.split("|")[0].strip()}"'
        for number, line in enumerate(ROWS.strip().splitlines())
    ]
    return ruleset("\n---\n".join(["language: tr", *bodies]), inflect=True)


@pytest.mark.parametrize(
    ("number", "row"),
    [pytest.param(n, row, id=row.split("|")[0].strip()) for n, row in enumerate(ROWS.strip().splitlines())],
)
def test_a_word_matches_its_forms_and_nothing_else(number, row):
    good, bad = ([text.strip() for text in part.split(",")] for part in row.split("|")[1:])
    assert [text for text in good if f"r{number}" not in hits(rules(), f"{text} Bugün haber", language="tr")] == []
    assert [text for text in bad if f"r{number}" in hits(rules(), f"Bugün {text} haber", language="tr")] == []


def test_the_whole_token_is_shown():
    assert hits(rules(), "Bugün Rusya’nın kararı", language="tr") == {"r7": ["Rusya’nın"]}


@pytest.mark.parametrize(
    ("term", "title", "fires_"),
    [
        ("don", "We don't know", False), ("Brien", "O'Brien speaks", False), ("we", "we'll go", False),
        ("Ivoire", "Côte d'Ivoire votes", True), ("Cote d'Ivoire", "Côte d'Ivoire votes", True),
        ("they", "they're", False),

        ("=Iran", "L'Iran frappe", True), ("Iran*", "d'Iraniens", True), ("US", "l'US Army", True),
        ("US", "l'us", False),
    ],
)  # fmt: skip
def test_an_apostrophe_cuts_only_what_is_elided_or_a_case(term, title, fires_):
    assert fires(term, title, language=None) is fires_
