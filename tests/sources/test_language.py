"""The language of a headline, by guess: right or None."""

from __future__ import annotations

import pytest

from bot.sources.language import LANGUAGES, detect

HEADLINES = {
    "en": """
US deploys 3,000 troops to Poland
North Korea fires ballistic missile into sea
Ministers agree new sanctions on Russian oil
Ceasefire talks stall as both sides trade blame
Protesters storm parliament after election result
Bank of England holds interest rates
Coup leaders promise vote within two years
Turkey votes in local elections
Storm leaves thousands without power
Court rules against former president
Drone strike kills five near border
EU leaders meet in Brussels
Premier League: Arsenal beat Chelsea
Army chief resigns
Iran says it will retaliate
Rescue teams search for missing hikers
Zelensky visits Washington
Wheat prices rise after harvest fails
Navy ship seized off Yemen
Police arrest dozens at rally
""",
    "fr": """
La France envoie des soldats au Mali
Un drone frappe une base militaire en Syrie
Les ministres adoptent de nouvelles sanctions
Le président annonce des élections anticipées
Grève générale dans les transports
Cessez-le-feu : les négociations reprennent
Tempête : des milliers de foyers sans électricité
Macron reçoit Zelensky à l'Élysée
L'armée prend le pouvoir au Niger
Séisme en Turquie : le bilan s'alourdit
La Corée du Nord tire un missile
Procès de l'ancien ministre
La Bourse de Paris termine en baisse
Accord sur le nucléaire iranien
Coupe du monde : les Bleus qualifiés
Manifestations contre la réforme des retraites
Incendies dans le sud du pays
Un navire saisi en mer Rouge
Otages libérés à Gaza
L'Ukraine demande des missiles
""",
    "de": """
Deutschland schickt Soldaten nach Litauen
Raketenangriff auf Kiew
EU beschließt neue Sanktionen gegen Russland
Verhandlungen über Waffenstillstand gescheitert
Bundestag stimmt über Haushalt ab
Merz trifft Macron in Berlin
Erdbeben in der Türkei
Streik bei der Bahn
Putschversuch in Niger
Iran droht mit Vergeltung
Drohne über Flughafen gesichtet
Wahl in Polen: Opposition vorn
Zahl der Arbeitslosen steigt
Bayern gewinnt gegen Dortmund
Bundeswehr verlegt Panzer
Nordkorea testet Rakete
Verteidigungsminister tritt zurück
Hochwasser im Süden
Geiseln freigelassen
Polizei nimmt Verdächtigen fest
""",
    "es": """
España envía tropas a Letonia
Corea del Norte lanza un misil
La UE aprueba nuevas sanciones contra Rusia
Golpe de Estado en Níger
El presidente convoca elecciones anticipadas
Terremoto en Turquía deja cientos de muertos
Huelga general en Argentina
Ataque con drones en Siria
El ejército toma el poder
Detenidos tres sospechosos en Madrid
Negociaciones de alto el fuego en Egipto
Incendios forestales en el sur
El Gobierno sube los impuestos
Maduro rompe relaciones con Colombia
Liberan a los rehenes
Irán amenaza con represalias
La inflación baja en octubre
El Madrid gana al Barcelona
Protestas contra la reforma
Zelenski visita Washington
""",
    "pt": """
Portugal envia soldados para a Roménia
Coreia do Norte dispara míssil
UE aprova novas sanções contra a Rússia
Golpe de Estado no Níger
Presidente convoca eleições antecipadas
Terramoto na Turquia faz centenas de mortos
Greve geral no Brasil
Ataque com drones na Síria
Exército toma o poder
Governo anuncia novas medidas
Negociações de cessar-fogo no Egito
Incêndios no sul do país
Inflação desce em outubro
Lula recebe Macron em Brasília
Reféns foram libertados
Irão ameaça retaliação
Polícia detém suspeitos
Benfica vence o Porto
Manifestações contra a reforma
Zelensky visita Washington hoje
""",
    "it": """
L'Italia invia soldati in Lettonia
La Corea del Nord lancia un missile
L'Ue approva nuove sanzioni contro la Russia
Colpo di Stato in Niger
Il presidente scioglie le Camere
Terremoto in Turchia, centinaia di morti
Sciopero generale dei trasporti
Attacco con droni in Siria
L'esercito prende il potere
Il governo annuncia nuove misure
Negoziati per il cessate il fuoco
Incendi nel sud del Paese
Inflazione in calo a ottobre
Meloni incontra Macron a Roma
Liberati gli ostaggi
L'Iran minaccia ritorsioni
Arrestati tre sospetti a Milano
La Juventus batte il Milan
Proteste contro la riforma
Zelensky in visita a Washington
""",
    "nl": """
Nederland stuurt soldaten naar Litouwen
Noord-Korea vuurt raket af
EU keurt nieuwe sancties tegen Rusland goed
Staatsgreep in Niger
Kabinet gevallen, nieuwe verkiezingen
Aardbeving in Turkije eist honderden levens
Staking bij het spoor
Droneaanval in Syrië
Leger grijpt de macht
Onderhandelingen over wapenstilstand
Branden in het zuiden
Inflatie daalt in oktober
Rutte ontmoet Macron
Gijzelaars vrijgelaten
Iran dreigt met vergelding
Politie houdt verdachten aan
Ajax wint van Feyenoord
Protest tegen hervorming
Minister treedt af
Overstromingen in Limburg
""",
    "sv": """
Sverige skickar soldater till Lettland
Nordkorea avfyrar robot
EU godkänner nya sanktioner mot Ryssland
Statskupp i Niger
Statsministern utlyser nyval
Jordbävning i Turkiet
Strejk på järnvägen
Drönarattack i Syrien
Militären tar makten
Förhandlingar om vapenvila
Bränder i söder
Inflationen sjunker i oktober
Kristersson möter Macron
Gisslan frigiven
Iran hotar med hämnd
Polisen griper misstänkta
AIK vann mot Hammarby
Protester mot reformen
Försvarsministern avgår
Översvämningar i Skåne
""",
    "ru": """
США перебросят войска в Польшу
КНДР запустила баллистическую ракету
ЕС согласовал новые санкции
Переговоры о перемирии сорваны
Землетрясение в Турции
Путин встретился с Си Цзиньпином
Военный переворот в Нигере
Беспилотники атаковали аэродром
Глава Минобороны ушёл в отставку
Инфляция замедлилась в октябре
Забастовка на железной дороге
Иран пригрозил ответным ударом
Заложники освобождены
Полиция задержала подозреваемых
Спартак обыграл Зенит
Протесты против реформы
Наводнение на юге
Выборы назначены на март
Армия взяла власть
Суд арестовал бывшего министра
""",
    "uk": """
США перекинуть війська до Польщі
КНДР запустила балістичну ракету
ЄС погодив нові санкції
Переговори про перемир'я зірвано
Землетрус у Туреччині
Зеленський зустрівся з Макроном
Військовий переворот у Нігері
Безпілотники атакували аеродром
Міністр оборони подав у відставку
Інфляція сповільнилася у жовтні
Страйк на залізниці
Іран погрожує відповіддю
Заручників звільнено
Поліція затримала підозрюваних
Динамо обіграло Шахтар
Протести проти реформи
Повінь на півдні
Вибори призначено на березень
Армія захопила владу
Суд заарештував колишнього міністра
""",
    "pl": """
Polska wysyła żołnierzy na Litwę
Korea Północna wystrzeliła rakietę
UE przyjęła nowe sankcje wobec Rosji
Zamach stanu w Nigrze
Prezydent ogłosił wybory
Trzęsienie ziemi w Turcji
Strajk na kolei
Atak dronów w Syrii
Wojsko przejęło władzę
Negocjacje o zawieszeniu broni
Pożary na południu
Inflacja spada w październiku
Tusk spotkał się z Macronem
Zakładnicy uwolnieni
Iran grozi odwetem
Policja zatrzymała podejrzanych
Legia wygrała z Lechem
Protesty przeciw reformie
Minister obrony podał się do dymisji
Powódź na Śląsku
""",
    "ar": """
أمريكا ترسل قوات إلى بولندا
كوريا الشمالية تطلق صاروخا باليستيا
الاتحاد الأوروبي يقر عقوبات جديدة
انقلاب عسكري في النيجر
زلزال يضرب تركيا
مفاوضات وقف إطلاق النار
الجيش يستولي على السلطة
إضراب عام في تونس
هجوم بطائرات مسيرة في سوريا
الرئيس يدعو إلى انتخابات مبكرة
الإفراج عن الرهائن
إيران تهدد بالرد
الشرطة تعتقل مشتبها بهم
ارتفاع أسعار النفط
حرائق في الجنوب
استقالة وزير الدفاع
الأهلي يفوز على الزمالك
احتجاجات ضد الحكومة
فيضانات في ليبيا
المحكمة تصدر حكمها
""",
    "fa": """
آمریکا نیرو به لهستان می‌فرستد
کره شمالی موشک بالستیک شلیک کرد
اتحادیه اروپا تحریم‌های تازه وضع کرد
کودتای نظامی در نیجر
زلزله در ترکیه
مذاکرات آتش‌بس متوقف شد
ارتش قدرت را در دست گرفت
اعتصاب سراسری کارگران
حمله پهپادی در سوریه
رئیس جمهور انتخابات زودهنگام اعلام کرد
گروگان‌ها آزاد شدند
ایران تهدید به پاسخ کرد
پلیس مظنونان را بازداشت کرد
افزایش قیمت نفت
آتش‌سوزی در جنوب کشور
وزیر دفاع استعفا داد
پرسپولیس استقلال را برد
اعتراض علیه دولت
سیل در خوزستان
دادگاه حکم داد
""",
    "tr": """
ABD Polonya'ya asker gönderiyor
Kuzey Kore balistik füze fırlattı
AB yeni yaptırımları onayladı
Nijer'de askeri darbe
Türkiye'de deprem
Ateşkes görüşmeleri kesildi
Ordu yönetime el koydu
Demiryolunda grev
Suriye'de insansız hava aracı saldırısı
Cumhurbaşkanı erken seçim ilan etti
Rehineler serbest bırakıldı
İran misilleme tehdidinde bulundu
Polis şüphelileri gözaltına aldı
Petrol fiyatları yükseldi
Güneyde orman yangınları
Savunma Bakanı istifa etti
Galatasaray Fenerbahçe'yi yendi
Hükümete karşı protestolar
Sel felaketi
Mahkeme kararını açıkladı
""",
    "zh": """
美国向波兰增派部队
朝鲜发射弹道导弹
欧盟通过新制裁
尼日尔发生军事政变
土耳其发生地震
停火谈判破裂
军方接管政权
铁路工人罢工
叙利亚遭无人机袭击
总统宣布提前选举
人质获释
伊朗威胁报复
警方逮捕嫌疑人
油价上涨
南部山火蔓延
国防部长辞职
国足战胜泰国
民众抗议改革
洪水淹没村庄
法院作出判决
""",
    "ja": """
米国、ポーランドに部隊を増派
北朝鮮が弾道ミサイルを発射
EUが新たな制裁を承認
ニジェールで軍事クーデター
トルコで地震
停戦交渉が決裂
軍が政権を掌握
鉄道でストライキ
シリアでドローン攻撃
大統領が早期選挙を発表
人質が解放される
イランが報復を警告
警察が容疑者を逮捕
原油価格が上昇
南部で山火事
国防相が辞任
阪神が巨人に勝利
改革に抗議デモ
洪水で村が浸水
裁判所が判決
""",
    "ko": """
미국, 폴란드에 병력 증파
북한, 탄도미사일 발사
EU, 새 제재 승인
니제르에서 군사 쿠데타
튀르키예에서 지진
휴전 협상 결렬
군부 정권 장악
철도 파업
시리아에서 드론 공격
대통령, 조기 선거 발표
인질 석방
이란, 보복 경고
경찰, 용의자 체포
유가 상승
남부 산불 확산
국방장관 사임
손흥민 결승골
개혁 반대 시위
홍수로 마을 침수
법원 판결
""",
    "el": """
Οι ΗΠΑ στέλνουν στρατό στην Πολωνία
Η Βόρεια Κορέα εκτόξευσε πύραυλο
Η ΕΕ ενέκρινε νέες κυρώσεις
Πραξικόπημα στον Νίγηρα
Σεισμός στην Τουρκία
Διακόπηκαν οι συνομιλίες για εκεχειρία
Ο στρατός πήρε την εξουσία
Απεργία στους σιδηροδρόμους
Επίθεση με drones στη Συρία
Ο πρόεδρος προκήρυξε εκλογές
Απελευθερώθηκαν οι όμηροι
Το Ιράν απειλεί με αντίποινα
Η αστυνομία συνέλαβε υπόπτους
Άνοδος στην τιμή του πετρελαίου
Πυρκαγιές στον νότο
Παραιτήθηκε ο υπουργός Άμυνας
Ο Ολυμπιακός νίκησε τον Παναθηναϊκό
Διαδηλώσεις κατά της κυβέρνησης
Πλημμύρες στη Θεσσαλία
Απόφαση του δικαστηρίου
""",
}


@pytest.mark.parametrize("language", HEADLINES)
def test_a_headline_is_guessed_rightly_or_not_at_all(language):
    said = [detect(title, "") for title in HEADLINES[language].strip().splitlines()]
    assert set(said) <= {language, None}
    assert said.count(language) >= 12


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("cs", "Vláda schválila nový rozpočet"), ("ro", "Guvernul a aprobat bugetul"), ("he", "הממשלה אישרה את התקציב"),
        ("hu", "A kormány elfogadta a költségvetést"), ("bg", "Правителството прие бюджета"),
    ],
)  # fmt: skip
def test_neighbours_are_not_taken_for_languages_that_rules_know(language, title):
    assert detect(title, "") in (language, None)


@pytest.mark.parametrize("title", ["", "OPEC", "G7", "!!!", "Iran", "3-2", "<b></b>", "2026", "\ud800"])
def test_what_says_too_little_has_no_language(title):
    assert detect(title, "") is None


def test_markup_does_not_count_and_the_summary_helps():
    assert detect("Wahlen", "<p>Die Bundesregierung hat am Montag neue Sanktionen <b>beschlossen</b>.</p>") == "de"
    assert detect('<a href="https://english.example/the-news-of-the-day">Выборы назначены на март</a>', "") == "ru"


def test_capitals_make_no_difference():
    assert (
        detect("THE MINISTERS AGREE ON NEW SANCTIONS", "") == detect("The ministers agree on new sanctions", "") == "en"
    )


def test_the_same_text_has_the_same_language_again():
    assert len({detect("La France envoie des soldats au Mali", "") for _ in range(5)}) == 1


def test_all_languages_that_rules_inflect_can_be_guessed():
    assert HEADLINES.keys() <= LANGUAGES
