"""Words of a rule match their inflected forms in items of their language: one table a language, through whole rules."""

from __future__ import annotations

from functools import cache

import pytest

from tests.rules.given import hits, ruleset

# word of the rule | words or headlines that hold a form of it | those that only look alike; commas part them
TABLES = {
    "ru": """
войска | США вводят войска, вывод войск, помогают войскам, с войсками, о войсках | войсковой, война, воины
солдат | Солдаты ушли, десять солдат, солдатами, о солдате | солидный, солдатский
военный | военные прибыли, военного самолёта, военными, Военная помощь | война, воин, внешний
перебросить | США перебросят бригаду, перебросили, переброшенный | перебрался, бросить, переброска
ввести | Польша введёт санкции, ввели войска, введены, ввёл | вести, ввезти, ведут
удар | Удары по Киеву, после удара, ударом, нанесли ударов | ударник, дар, ударный, штрафной
перемирие | о перемирии, перемирия, перемирию | мир, примирие, мировой
переговоры | на переговорах, переговоров, переговорами | разговоры, договоры, переговорщик
мир | договор о мире, ради мира, миром | мера, мере, мэр, мирный
мера | меры приняты, мерам, мерой, жёстких мер | мир, миры, мерин, мэр
государственный переворот | попытка государственного переворота, государственные перевороты | государство, переворот
беспилотник | беспилотники сбиты, беспилотником, сорок беспилотников | пилот, беспилотный
кибератака | кибератаки на банки, кибератаку, кибератакам, серия кибератак | атака, кибер
Россия | президент России, в Россию, с Россией, РОССИИ | Россиянин, российский, Росси
Зеленский | встреча с Зеленским, слова Зеленского, Зеленскому | Зеленые, наш зеленский Двор, Зелень
Байден | решение Байдена, с Байденом, о Байдене | Баден, Байк
Китай | в Китае, Китаем, визит в Пекин и Китая | Кит, китайский, Катай
Израиль | удар Израиля, Израилю, с Израилем | израильский, Изра
Москва | в Москве, Москвой, Москву | Москвич, московский
Перу | в Перу | Пера, Пером, Пер, Перы
Осло | в Осло | Осла, Ослу, Осле, Ослом
США | власти США | Сша пишут
Нетаньяху | слова Нетаньяху | Нетаньях, Нетаньяхи
""",
    "uk": """
військо | війська увійшли, вивели військ, з військами, військом | війна, військовий, воїн
військовий | українські військові, військових, військовою | війна, військо
солдат | солдати, солдатів, солдатами, солдатові | солідний
бригада | бригади прибули, бригаду, бригадою, дві бригад | бригадир
удар | удари по місту, ударом, після удару, ударів | дар, ударник
ракета | ракети збили, ракетою, п'ять ракет | ракетний, карета
перемир'я | про перемир'я, перемир'ям, перемир’ю | мир, примирення
переговори | на переговорах, переговорів, переговорами | розмови, договори
відправити | відправив, відправили, відправить, відправлено | правити, відправа
обстріл | обстріли міста, обстрілу, обстрілів, обстрілом | постріл, стріляти
санкція | санкції проти РФ, санкцій, санкціями | акція, секція
мир | угода про мир, миру, миром | мирний, міра, море
безпілотник | безпілотники, безпілотників, безпілотником | пілот
Україна | в Україні, Україну, Україною, УКРАЇНИ | Українець, український
Росія | в Росії, Росію, з Росією | російський, Росіянин
Зеленський | Зеленського, Зеленському, із Зеленським | Зелений
Харків | у Харкові, Харкова, Харковом | Харківський, харкати
Перу | у Перу | Пера, Пером
Осло | в Осло | Осла, Ослу
""",
    "pl": """
wojsko | wojska, wojskiem, w wojsku | wojna, wojskowy
żołnierz | żołnierze, żołnierzy, żołnierzom, zolnierza | żołd
wysłać | wysłali, wyśle wojska, wysłano, wysłała | słać, wysyłka
rakieta | rakiety spadły, rakietę, rakietami | rak, rakietowy
cyberatak | cyberataki, cyberataku, cyberatakiem | atak
Polska | w Polsce, Polskę, do Polski, Polską | polski Dom, Polak, Pole
Rosja | z Rosji, Rosję, Rosją | Rosjanin, rosyjski
Zełenski | Zełenskiego, Zełenskiemu, Zełenskim | Zełen
Peru | w Peru | Perem, Pera
""",
    "fr": """
soldat | des soldats, Soldat tué | solde, soldatesque
envoyer | la France envoie, ont envoyé, envoyées, enverra, envoient | voyer, envol, envoyeur
déployer | troupes déployées, déploie, déployé, DÉPLOIERA | ployer, déplorer
armée | l'armée, l’armée avance, armées, d'armée | arme, armer, armature
frapper | frappe, ont frappé, frappera, frappant | frapadingue, rapper
cheval | chevaux, cheval | chevalier
général | généraux, Générale, generals | génération
accord | accords, d'accord | corde, accorder
sanction | sanctions, Sanction | sanctionner, sang
élection | élections, l'élection | électeur
militaire | militaires | militant
coup | coups | coupe, couper
négocier | négocient, négocié, négociera, négociant | négoce, négation
signer | signent, signé, signera | signal, signet
Ukraine | d'Ukraine, l'Ukraine, qu'Ukraine | Ukrainien
Iran | l'Iran, L’Iran frappe | Iranien, Irak
""",
    "de": """
Soldat | Soldaten, des Soldats | Sold, Söldner
soldat | zwei Soldaten, Soldat | Sold
Truppe | Truppen, der Truppe | Trupp, Truthahn
Angriff | Angriffe, Angriffen, des Angriffs | Griff, angreifen
Luftangriff | Luftangriffe, Luftangriffen | Luft, Angriff
Drohnenabwehrsystem | Drohnenabwehrsysteme, Drohnenabwehrsystems | Drohne, System
entsenden | entsendet, entsandt, entsendete, entsandte | senden, Entsendung
schicken | schickt, geschickt, schickte | schick, Schicht
schießen | schießt, geschossen, schoss | Schuss, Geschoss
verhängen | verhängt, verhängte | hängen, Verhängnis
Sanktion | Sanktionen | Sankt
Waffenstillstand | Waffenstillstands, Waffenstillstände | Waffe, Stillstand
Präsident | Präsidenten, des Präsidenten | Präsidium
Russland | Russlands, RUSSLANDS | Russe, Rus
Deutschland | Deutschlands | Deutsche
Merz | des Kanzlers Merz | März, Merzig
""",
    "es": """
soldado | soldados, un soldado | soldar, soldada
enviar | envía, envían, enviado, enviaron, envió, enviará, enviadas | vía, enviudar
desplegar | despliega, desplegado, desplegó, desplegaron | plegar, pliegue
ejército | ejércitos, del ejercito | ejercer, ejercita
misil | misiles | misa
acuerdo | acuerdos | acordar, cuerda
sanción | sanciones, sancion | sancionar, acción
imponer | impone, impuso, impondrá, imponen | poner, impostor
atacar | ataca, atacó, atacado, atacaron, atacará | atasco, tacar
elección | elecciones | elector
tropas | tropa, tropas | tropel, tropezar
firmar | firmó, firman, firmado, firmaron | firmeza
puerto | puertos | puerta, puertas
general | generales | generar
Rusia | de Rusia | Rusias, ruso
""",
    "pt": """
soldado | soldados | soldar
enviar | envia, enviou, enviam, enviados, enviará | via
sanção | sanções, sancoes | ação, sancionar
míssil | mísseis | missa
exército | exércitos | exercer
acordo | acordos | acordar
atacar | ataca, atacou, atacaram | ataque
""",
    "it": """
soldato | soldati, il soldato | saldo, soldo
inviare | invia, inviato, inviati, inviano, inviò | via, invidia
esercito | l'esercito, dell'esercito, eserciti | esercizio
sanzione | sanzioni, le sanzioni | azione
attaccare | attacca, attaccato, attaccano | tacco
missile | missili | missione
elezione | elezioni, l’elezione | lezione
Ucraina | dell'Ucraina, in Ucraina | Ucraino
""",
    "nl": """
soldaat | soldaten | soldij
sturen | stuurt, gestuurd, stuurde | storen
raket | raketten | racket
aanvallen | aangevallen, aanviel | vallen, aanvaarden
verkiezing | verkiezingen | kiezer
sanctie | sancties | sanctioneren
Rusland | Ruslands, in Rusland | Rus
""",
    "sv": """
soldat | soldater, soldaterna, soldaten | sold
skicka | skickar, skickas | skicklig
trupp | trupper, trupperna | trumpet
sanktion | sanktioner, sanktionerna | sank
regering | regeringen, regeringens | reger
anfall | anfallen, anfallet | fall
Ryssland | Rysslands, i Ryssland | Ryss
""",
    "el": """
στρατός | στρατού, στρατό, του στρατού | στράτα
επίθεση | επιθέσεις, επίθεσης, ΕΠΙΘΕΣΗ | θέση
πύραυλος | πύραυλοι, πυραύλων, πυραύλους | πύργος
κυρώσεις | κυρώσεων, κυρώσεις | κύριος
στέλνω | στέλνει, έστειλε, στέλνουν | στήλη
στρατιώτης | στρατιώτες, στρατιωτών | στρατιωτικός
""",
    "fa": """
سرباز | سربازان, سربازها, سرباز\u200cهای, سربازي | سر, بازار
موشک | موشک‌ها, موشکهای, موشك, موشک‌هایی | موش, کوشک
نیرو | نیروها, نیروهای, نيروها | نیک
ارتش | ارتش, ارتشها | آتش
تحریم | تحریم‌ها, تحریمها, تحريم‌های | حرم
حمله | حملات, حمله‌ها, حمله‌های | حامل, جمله
""",
}


def rows():
    for language, table in TABLES.items():
        for number, line in enumerate(table.strip().splitlines()):
            term, *parts = (part.strip() for part in line.split("|"))
            texts = [[text.strip() for text in part.split(",")] for part in parts]
            yield pytest.param(language, number, *texts, id=f"{language}-{term}")


@cache
def rules_of(language):
    terms = [line.split("|")[0].strip() for line in TABLES[language].strip().splitlines()]
    bodies = [f'rule: r{number}\nmatch: "{term}"' for number, term in enumerate(terms)]
    return ruleset("\n---\n".join([f"language: {language}", *bodies]), inflect=True)


def seen(language, number, text, spoken):
    """Return the words that one rule finds in a headline; `hits` checks that they stand where they are said to."""
    return hits(rules_of(language), text, language=spoken).get(f"r{number}")


@pytest.mark.parametrize(("language", "number", "good", "bad"), list(rows()))
def test_a_word_matches_its_forms_and_nothing_else(language, number, good, bad):
    assert [text for text in good if not seen(language, number, text, language)] == []
    assert [text for text in good if not seen(language, number, text, None)] == []
    assert [text for text in bad if seen(language, number, text, language)] == []


@pytest.mark.parametrize("language", TABLES)
def test_there_are_enough_rows(language):
    assert len(TABLES[language].strip().splitlines()) >= (12 if language in ("ru", "uk", "fr", "de", "es") else 6)


@pytest.mark.parametrize(
    ("language", "title", "spoken"),
    [
        ("fr", "Deux soldats", "es"),
        ("de", "zwei soldaten", "nl"),
        ("pl", "w Polsce", "en"),
        ("de", "Russlands Armee", "en"),
    ],
)
def test_forms_belong_to_their_language(language, title, spoken):
    assert hits(rules_of(language), title, language=language)
    assert not hits(rules_of(language), title, language=spoken)


@pytest.mark.parametrize("language", ["en", "fr", None])
def test_a_name_as_it_is_written_matches_in_every_language(language):
    assert hits(rules_of("pl"), "Polska votes", language=language) == {"r5": ["Polska"]}
    assert hits(rules_of("de"), "Merz speaks", language=language) == {"r15": ["Merz"]}


def test_words_of_other_scripts_match_whatever_the_tag_of_their_list():
    rules = ruleset(
        "concepts:\n  c: [ballistic, баллистический, Евросоюз, Україна, 미사일, 导弹, صاروخ]\n---\nrule: a\nmatch: <c>",
        inflect=True,
    )
    for language, title, word in [
        ("ru", "Пуск баллистической ракеты", "баллистической"), ("ru", "Санкции Евросоюза", "Евросоюза"),
        ("uk", "Про Україну", "Україну"), ("ko", "북 미사일을 쐈다", "미사일을"), ("zh", "发射导弹", "导弹"),
        ("ar", "إطلاق الصواريخ", "الصواريخ"), ("bg", "За Евросоюза", "Евросоюза"),
    ]:  # fmt: skip
        assert hits(rules, title, language=language) == {"a": [word]}


@pytest.mark.parametrize(
    ("term", "title", "fires"),
    [
        ("=солдат", "солдаты", False), ("=солдат", "солдат", True), ("=Россия", "России", False),
        ("МИД", "МИДа", False),
        ("Кремл*", "Кремлём", True), ("посольство США", "у посольства США", True),
        ("посольство США", "посольства Сша", True),
    ],
)  # fmt: skip
def test_exact_words_capitals_and_phrases(term, title, fires):
    rules = ruleset(f'language: ru\n---\nrule: a\nmatch: "{term}"', inflect=True)
    assert bool(hits(rules, title, language="ru")) is fires
