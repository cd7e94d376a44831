"""Endings of Russian, Ukrainian and Polish, for names and new words that the dictionaries lack.

A base ending that is not here has no forms: names such as Peru and Oslo never change.
"""

from __future__ import annotations

_VERBS = ("ть", "ти", "чь", "ся", "сь", "ć")


def is_another(base: str, form: str) -> bool:
    """Tell whether a form that a dictionary files under a base looks nothing like it; of verbs, some do rightly so."""
    return base[:1].lower() != form[:1].lower() and not base.endswith(_VERBS)


def _velar(letters: str, endings: str) -> dict[str, str]:
    """Return paradigms of bases in -а or -a after letters that no -ы or -y follows."""
    return {letter + endings[0]: " ".join(letter + end for end in endings.split()) for letter in letters}


_RU_HARD = "а у ом е ы ов ам ами ах"
_RU_ADJECTIVE = "ый ого ому ым ом ая ой ую ое ые ых ыми"
_RU_SOFT_ADJECTIVE = "ий ого ому им ом ая ой ую ое ие их ими"
_RU_CONSONANTS = dict.fromkeys("бвдзлмнпрстф", f"+ {_RU_HARD}")

RU = {
    **_RU_CONSONANTS,
    **dict.fromkeys("гкх", "+ а у ом е и ов ам ами ах"),
    **dict.fromkeys("жшщч", "+ а у ем ом е и ей ам ами ах"),
    "ц": "ц ца цу цем цом це цы цев цов цам цами цах",
    "ец": "ец ца цу цем цом це цы цев цов цам цами цах",
    "а": "а ы е у ой ам ами ах -", **_velar("гкхжшщч", "а и е у ой ам ами ах"),
    "ия": "ия ии ию ией ий иям иями иях",
    "я": "я и е ю ей ям ями ях",
    "ие": "ие ия ию ием ии ий иям иями иях",
    "ье": "ье ья ью ьем",
    "о": "о а у ом е - ам ами ах",
    "ость": "ость ости остью остей остям остями остях",
    "ь": "ь я ю ем е и ью ей ям ями ях",
    "ый": _RU_ADJECTIVE, "ой": _RU_ADJECTIVE.replace("ый", "ой"), "ий": _RU_SOFT_ADJECTIVE,
    "й": "й я ю ем е и ев ям ями ях",
    "ать": "ать ал ала ало али ает ают аем ай айте ав ан ана ано аны",
    "ить": "ить ил ила ило или ит ят ат им ив ен ена ено ены",
    "еть": "еть ел ела ело ели еет еют ев",
    "ся": "ся",
}  # fmt: skip
RU_NAMES = {
    **dict.fromkeys("бвдзлмнпрстф", "+ а у ом е"),
    **dict.fromkeys("гкх", "+ а у ом е"),
    **dict.fromkeys("жшщч", "+ а у ем ом е"),
    "ц": "ц ца цу цем цом це",
    "ов": "ов ова ову овым ове ом ова овой", "ев": "ев ева еву евым еве ем ева евой",
    "ин": "ин ина ину ином иным ине иной",
    "а": "а ы е у ой", **_velar("гкхжшщч", "а и е у ой"), "уа": "уа", "ия": "ия ии ию ией", "я": "я и е ю ей",
    "ь": "ь я ю ем е и ью", "й": "й я ю ем е",
    "ский": "ский ского скому ским ском ская ской скую", "ая": "ая ой ую",
    "ы": "ы ов ам ами ах",
}  # fmt: skip
_UK_ADJECTIVE = "ий ого ому им ім а ої ій у ою е і их ими"
UK = {
    **dict.fromkeys("бвдзлмнпрстф", "+ а у ові ом і ів и ам ами ах"),
    **dict.fromkeys("гкх", "+ а у ові ом ів и ам ами ах"),
    **dict.fromkeys("жшщч", "+ а у еві ем і ів ам ами ах"),
    "ець": "ець ця цю цеві цем ці ців цям цями цях",
    "ник": "ник ника нику никові ником ники ників никам никами никах",
    "а": "а и і у ою о ам ами ах -",
    "ія": "ія ії ію ією ій іям іями іях", "я": "я і ю ею ям ями ях",
    "ння": "ння нню нням нні нь нням ннями ннях",
    "о": "о а у ом і - ам ами ах",
    "ість": "ість ості істю остей остям остями остях",
    "ь": "ь я ю еві ем і ів ям ями ях",
    "ий": _UK_ADJECTIVE, "й": "й я ю єві єм ї їв ям ями ях",
    "ати": "ати ав ала ало али ає ають аємо ано атиме атимуть",
    "ити": "ити ив ила ило или ить ять лять ено лено итиме итимуть",
    "увати": "увати ував увала увало ували ує ують увано уватиме уватимуть",
}  # fmt: skip
UK_NAMES = {
    **dict.fromkeys("бвдзлмнпрстфгкх", "+ а у ові ом і"),
    **dict.fromkeys("жшщч", "+ а у еві ем і"),
    "а": "а и і у ою", "ія": "ія ії ію ією", "я": "я ї і ю єю ею",
    "ь": "ь я ю еві ем і ю", "й": "й я ю єві єм ї", "ський": "ський ського ському ським ська ської ській ську ською",
}  # fmt: skip
_PL_ADJECTIVE = "y ego emu ym a ej ą e ych ymi"
PL = {
    **dict.fromkeys("bcdfhlłmnprstwz", "+ a u owi em ie e y i ów om ami ach"),
    **dict.fromkeys("gk", "+ a u owi iem i ów om ami ach"),
    "cz": "cz cza czowi czem czu cze czy czom czami czach",
    "rz": "rz rza rzowi rzem rzu rze rzy rzom rzami rzach",
    "a": "a y i ie ę ą o om ami ach -", "ka": "ka ki ce kę ką ko kom kami kach ek",
    "cja": "cja cji cję cją cje cjom cjami cjach",
    "ia": "ia ii i ię ią ie iom iami iach", "nie": "nie nia niu niem ń niom niami niach",
    "o": "o a u em om ami ach -", "ość": "ość ości ością ościom ościami ościach",
    "y": _PL_ADJECTIVE, "ki": "ki kiego kiemu kim ka kiej ką kie kich kimi",
    "ać": "ać ał ała ało ali ały a ają ano any ana ane", "ić": "ić ił iła iło ili iły i ią iono ony ona one",
    "ować": "ować ował owała owało owali owały uje ują owano owany owana owane",
}  # fmt: skip
PL_NAMES = {
    **dict.fromkeys("bcdfhlłmnprstwz", "+ a u owi em ie"),
    **dict.fromkeys("gk", "+ a u owi iem"),
    "sz": "sz sza szowi szem szu", "cz": "cz cza czowi czem czu", "l": "l la lowi lem lu",
    "a": "a y ie ę ą", "ka": "ka ki ce kę ką", "ga": "ga gi dze gę gą", "ja": "ja ji ję ją", "ia": "ia ii ię ią",
    "ki": "ki kiego kiemu kim", "ska": "ska ski sce skę ską skiej", "cki": "cki ckiego ckiemu ckim",
}  # fmt: skip
