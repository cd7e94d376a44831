"""Chinese, Japanese and Thai: a phrase is a substring, with Latin letters and digits as words of their own."""

from __future__ import annotations

import pytest

from tests.rules.given import hits, ruleset


@pytest.mark.parametrize(
    ("language", "term", "title", "words"),
    [
        ("zh", "部队", "美国部队抵达波兰", ["部队"]),
        ("zh", "部队", "部队部队", ["部队", "部队"]),
        ("zh", "军队", "中国军队进入", ["军队"]),
        ("zh", "士兵", "两名士兵们受伤", ["士兵"]),
        ("zh", "导弹", "朝鲜试射弹道导弹", ["导弹"]),
        ("zh", "制裁", "欧盟对俄制裁", ["制裁"]),
        ("zh", "停火", "双方同意停火。谈判继续", ["停火"]),
        ("zh", "F-16战机", "美国交付F-16战机", ["F-16战机"]),
        ("zh", "歼20", "歼20首飞", ["歼20"]),
        ("zh", "5G网络", "中国5G网络扩大", ["5G网络"]),
        ("zh", "G7峰会", "在G7峰会上", ["G7峰会"]),
        ("zh", "乌克兰", "俄罗斯与乌克兰会谈", ["乌克兰"]),
        ("zh", "美国 ... 部队 ... 波兰", "美国增派部队前往波兰", ["美国", "部队", "波兰"]),
        ("ja", "自衛隊", "自衛隊が派遣された", ["自衛隊"]),
        ("ja", "ミサイル", "北朝鮮がミサイルを発射", ["ミサイル"]),
        ("ja", "ミサイル", "北朝鮮がﾐｻｲﾙを発射", ["ﾐｻｲﾙ"]),
        ("ja", "北朝鮮", "北朝鮮、ICBM発射", ["北朝鮮"]),
        ("ja", "制裁", "対ロ制裁を強化", ["制裁"]),
        ("ja", "停戦", "停戦で合意", ["停戦"]),
        ("ja", "NATO加盟", "NATO加盟へ", ["NATO加盟"]),
        ("ja", "第7艦隊", "米第7艦隊が", ["第7艦隊"]),
        ("th", "ทหาร", "ส่งทหารไปชายแดน", ["ทหาร"]),
    ],
)
def test_a_phrase_is_found_within_a_text(language, term, title, words):
    rules = ruleset(f'language: {language}\n---\nrule: a\nmatch: "{term}"', inflect=True)
    assert hits(rules, title, language=language) == {"a": words}
    assert hits(rules, title, language=None) == {"a": words}


@pytest.mark.parametrize(
    ("term", "title"),
    [
        ("部队", "部分军队"), ("导弹", "导演弹琴"), ("士兵", "兵士"), ("F-16战机", "F-15战机"),
        ("5G网络", "4G网络"), ("停火", "停止火车"),
        ("制裁", "制定裁军"), ("美国", "美丽中国"), ("乌克兰", "克兰"), ("部队", "部。队"), ("G7峰会", "G20峰会"),
        ("歼20", "歼10"),
    ],
)  # fmt: skip
def test_characters_apart_are_no_phrase(term, title):
    rules = ruleset(f'language: zh\n---\nrule: a\nmatch: "{term}"', inflect=True)
    assert hits(rules, title, language="zh") == {}
