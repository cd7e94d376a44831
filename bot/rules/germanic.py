"""Endings of German, Dutch and Swedish: forms that the dictionaries lack. German compounds are not split."""

from __future__ import annotations

DE = {
    "en": "e st t te ten test tet end ende enden ender endes",
    "den": "de dest det dete deten dend dende", "ten": "te test tet tete teten tend tende",
    "eln": "le elst elt elte elten elnd", "ern": "re erst ert erte erten ernd",
    "ung": "ungen", "heit": "heiten", "keit": "keiten", "ion": "ionen", "schaft": "schaften", "tät": "täten",
    "isch": "ische ischen ischer isches ischem", "lich": "liche lichen licher liches lichem",
    "ig": "ige igen iger iges igem", "bar": "bare baren barer bares barem",
    "er": "er ers ern", "in": "in innen", "e": "en es er em", "": "s es e en",
}  # fmt: skip
DE_NAMES = {"s": "s", "z": "z", "x": "x", "ß": "ß", "": "s"}
NL = {
    "en": "t te ten de den end ende", "ie": "ies", "ing": "ingen", "heid": "heden", "a": "a's", "o": "o's",
    "e": "es n", "": "en s e",
}  # fmt: skip
NL_NAMES = DE_NAMES
SV = {
    "a": "ar ade at as ande or an orna", "e": "en ar arna", "ing": "ingen ingar ingarna ingarnas ingens",
    "ion": "ionen ioner ionerna ionernas ionens", "": "en et er ar erna arna s ens ets",
}  # fmt: skip
SV_NAMES = DE_NAMES
