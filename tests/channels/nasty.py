"""Texts as feeds should never hold them."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

# A busy machine is no failure.
thoroughly = settings(max_examples=60, deadline=None)

FRAGMENTS = (
    "Troops march",
    " ",
    "<b>",
    "</b>",
    "<a href='",
    "<script>",
    "<!--",
    "]]>",
    "&amp;",
    "&lt;i&gt;",
    "&#27;[31m",
    "\x1b]8;;http://evil.example\x07",
    "\x9b2J",
    "@nato_hq",
    "/@all",
    "/start",
    "#war",
    "\u202e",
    "\u2067",
    "\u2069",
    "كوريا الشمالية",
    "שלום",
    "👨\u200d👩\u200d👧",
    "🇰🇵🇷🇺",
    "👋🏽",
    "e\u0301",
    "\u0301" * 20,
    "\ud800",
    "\x00",
    "\n",
    "\u2028",
    '"',
    "<",
    ">",
    "&",
    "語" * 30,
    "x" * 300,
)
TEXTS = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12)), max_size=12).map("".join)
