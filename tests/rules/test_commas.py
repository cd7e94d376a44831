"""Headlines in brackets: what is taken for the rest of the one before, and what is not."""

from __future__ import annotations

import pytest

from tests.rules.given import compiled


def rests(silent: str) -> list[str]:
    result = compiled(f"rule: coups\nmatch: [coup]\ntests:\n  silent:\n    {silent}\n")
    return [problem.message.split("`")[1] for problem in result.problems if "may be the rest" in problem.message]


@pytest.mark.parametrize(
    ("silent", "found"),
    [
        pytest.param("[Minister resigns, PM says]", ["PM says"], id="who-says-so"),
        pytest.param("[Minister resigns, the PM said]", ["the PM said"], id="who-said-so"),
        pytest.param("[Minister resigns, according to three aides]", ["according to three aides"], id="small-letters"),
        pytest.param("[Министр ушёл, сообщает ТАСС]", ["сообщает ТАСС"], id="small-letters-in-Cyrillic"),
        pytest.param("[Troops leave the capital, Reuters]", ["Reuters"], id="a-lone-word"),
        pytest.param("[Rain falls, snow too, PM says]", ["snow too", "PM says"], id="two-of-them"),
        pytest.param("[Cake contest, Rain, Snow]", [], id="lone-words-are-the-style"),
        pytest.param("[cake contest, heavy rain]", [], id="small-letters-are-the-style"),
        pytest.param("[Minister resigns, PM stays]", [], id="two-headlines"),
        pytest.param('[Minister resigns, "PM says"]', [], id="quoted"),
        pytest.param('["Minister resigns", snow in Chad]', [], id="behind-a-quoted-one"),
        pytest.param("[PM says]", [], id="alone"),
        pytest.param("\n    - Minister resigns\n    - PM says", [], id="on-lines-of-their-own"),
        pytest.param("[朝鲜 发射 导弹, 暴雨]", [], id="script-without-small-letters"),
        pytest.param("[{ru: Министр}, {ru: говорит}]", [], id="maps"),
        pytest.param("[]", [], id="nothing"),
    ],
)
def test_what_a_comma_has_cut_is_found(silent, found):
    assert rests(silent) == found
