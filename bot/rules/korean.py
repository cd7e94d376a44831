"""Korean: a token's noun without the particles and verb endings that are written as part of it."""

from __future__ import annotations

_PLAIN = frozenset({
    "은", "는", "이", "가", "을", "를", "에", "의", "도", "만", "과", "와", "로", "으로",
    "에서", "에게", "에게서", "한테", "한테서", "께", "께서", "까지", "부터", "마저", "조차", "처럼",
    "보다", "대로", "만큼", "라고", "이라고", "라는", "이라는", "란", "이란", "이나", "나", "이며",
    "랑", "이랑", "하고", "에선", "에겐", "로서", "으로서", "로써", "으로써", "로부터", "으로부터",
    "에서부터", "뿐", "밖에", "이다", "입니다", "이었다", "였다", "라며", "이라며", "라도", "이라도",
    "이자", "엔",
})  # fmt: skip
_FIRST = frozenset({
    "에", "에서", "에게", "한테", "로", "으로", "와", "과", "까지", "부터", "만", "로서",
    "으로서", "로부터", "으로부터",
})  # fmt: skip
_SECOND = frozenset({
    "은", "는", "도", "만", "의", "까지", "부터", "이", "가", "을", "를", "과", "와", "로",
})  # fmt: skip
PARTICLES = _PLAIN | {first + second for first in _FIRST for second in _SECOND}
# These rarely end a noun of two syllables, so that they may leave one of one: 핵을.
_SURE = frozenset({
    "을", "를", "은", "는", "에서", "으로", "까지", "부터",
})  # fmt: skip
# Of verbs made of nouns (to do, to be done, to make do), and what headlines put in their place.
ENDINGS = frozenset({
    "했다", "한다", "하는", "할", "해", "하고", "하며", "하면서", "하기로", "하기", "한", "하자",
    "하지", "합니다", "했습니다", "했고", "했으며", "했던", "했다고", "한다고", "한다며", "하겠다",
    "하겠다고", "하려", "하려는", "하라", "하라고", "하다", "해야", "해서", "했지만", "하지만", "하면",
    "할지", "할까", "했나", "하나", "하도록", "됐다", "된다", "되는", "될", "돼", "되고", "되며",
    "되면서", "된", "되자", "됩니다", "됐습니다", "됐고", "됐으며", "됐던", "되다", "되었다", "되어",
    "됐다고", "될지", "당했다", "당한", "시켰다", "시킨다", "시킨", "시키는", "받았다", "키로", "중",
    "설", "시",
})  # fmt: skip
_TAILS = ("들", "군", "측")  # several of them; the army of; the side of
_LONGEST = 5


def stems(token: str) -> list[str]:
    """Return what a token may be without its endings, the longest first; the token itself is left out."""
    found: list[str] = []
    size = len(token)
    for length in range(1, min(_LONGEST, size - 1) + 1):
        ending, stem = token[size - length :], token[: size - length]
        if (ending in PARTICLES and (len(stem) > 1 or ending in _SURE)) or (ending in ENDINGS and len(stem) > 1):
            found.append(stem)
    for stem in (token, *found):
        if len(stem) > 2 and stem.endswith(_TAILS):
            found.append(stem[:-1])
    return list(dict.fromkeys(found))
