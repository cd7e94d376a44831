"""Korean: words match with their particles and verb endings, and are shown as they stand."""

from __future__ import annotations

import pytest

from bot.rules.korean import stems
from tests.rules.given import hits, ruleset


def found(term, title, language="ko"):
    rules = ruleset(f'language: ko\n---\nrule: a\nmatch: "{term}"', inflect=True)
    return hits(rules, title, language=language).get("a")


@pytest.mark.parametrize(
    ("term", "title", "words"),
    [
        ("병력", "북한, 병력을 보냈다", ["병력을"]),
        ("러시아", "러시아에 파병", ["러시아에"]),
        ("러시아", "러시아로부터 지원", ["러시아로부터"]),
        ("러시아", "러시아와의 회담", ["러시아와의"]),
        ("우크라이나", "우크라이나에서는 전쟁이", ["우크라이나에서는"]),
        ("이란", "이란은 부인했다", ["이란은"]),
        ("미국", "미국과 북한이 합의", ["미국과"]),
        ("북한", "북한군이 이동", ["북한군이"]),
        ("북한", "북한군 파병설", ["북한군"]),
        ("북한", "북한 측", ["북한"]),
        ("파병", "정부가 파병했다", ["파병했다"]),
        ("파병", "추가 파병하기로 결정", ["파병하기로"]),
        ("파병", "파병된 군인들", ["파병된"]),
        ("파병", "파병설 확산", ["파병설"]),
        ("군인", "군인들이 떠났다", ["군인들이"]),
        ("핵", "핵을 포기", ["핵을"]),
        ("미사일 발사", "북, 미사일을 발사했다", ["미사일을 발사했다"]),
        ("미사일 발사", "미사일발사를 규탄", ["미사일발사를"]),
        ("대통령", "대통령께서 말씀", ["대통령께서"]),
        ("휴전", "휴전이라고 밝혀", ["휴전이라고"]),
    ],
)
def test_a_word_is_found_with_its_endings(term, title, words):
    assert found(term, title) == words
    assert found(term, title, None) == words


@pytest.mark.parametrize(
    ("term", "title"),
    [
        ("나", "나이가 들다"), ("회", "회의 결과"), ("사", "사과 요구"), ("병", "병력을"), ("북", "북한은"),
        ("대", "대만"),
        ("미국", "미국인권"), ("파병", "병력"), ("구축", "구축함이"), ("잠수", "잠수함을"), ("=병력", "병력을"),
        ("역", "역할"),
        ("러시", "러시아에"), ("정", "정도"),
    ],
)  # fmt: skip
def test_what_only_looks_like_an_ending_is_none(term, title):
    assert found(term, title) is None


def test_all_ways_to_cut_a_token_are_tried():
    assert stems("우크라이나의") == ["우크라이나"]
    assert stems("북한군이") == ["북한군", "북한"]
    assert stems("한") == []


def test_names_with_particles_fire_a_template():
    rules = ruleset('language: ko\n---\nrule: a\nmatch: "북한 ... 러시아 ... 병력 ... 파병"', inflect=True)
    title = "북한이 러시아에 병력을 추가로 파병했다"
    assert hits(rules, title, language="ko") == {"a": ["북한이", "러시아에", "병력을", "파병했다"]}
    assert hits(rules, "러시아가 북한에 병력을 파병했다", language="ko") == {}
