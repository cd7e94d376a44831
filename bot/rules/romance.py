"""Endings of French, Spanish, Portuguese and Italian: forms that the dictionaries file under another word."""

from __future__ import annotations

FR = {
    "er": "e es ent ons ez a ait aient ant é ée és ées era eront èrent",
    "ger": "ge ges gent geons gez gea geait geaient geant gé gée gés gées gera geront gèrent",
    "cer": "ce ces cent çons cez ça çait çaient çant cé cée cés cées cera ceront cèrent",
    "oyer": "oie oies oient oyons oyez oya oyait oyaient oyant oyé oyée oyés oyées oiera oieront oyèrent",
    "ir": "it is issent issons issait issaient issant i ie ies ira iront irent",
    "al": "al ale ales aux",
    "eau": "eaux", "eu": "eux", "s": "s", "x": "x", "z": "z",
    "": "s",
}  # fmt: skip
ES = {
    "ar": "a an as amos o ó aron aba aban ando ado ada ados adas ará arán aría arían e en é",
    "car": "ca can cas camos có caron caba caban cando cado cada cados cadas cará carán que quen qué",
    "gar": "ga gan gas gamos gó garon gaba gaban gando gado gada gados gadas gará garán gue guen gué",
    "zar": "za zan zas zamos zó zaron zaba zaban zando zado zada zados zadas zará zarán ce cen cé",
    "er": "e en es emos ió ieron ía ían iendo ido ida idos idas erá erán a an",
    "ir": "e en es imos ió ieron ía ían iendo ido ida idos idas irá irán a an",
    "ión": "iones", "z": "ces", "s": "s ses",
    "or": "ora ores oras", "és": "esa eses esas",
    "o": "os", "a": "as", "e": "es", "": "es",
}  # fmt: skip
PT = {
    "ar": "a am as amos o ou aram ava avam ando ado ada ados adas ará arão aria ariam e em ei",
    "er": "e em es emos eu eram ia iam endo ido ida idos idas erá erão a am",
    "ir": "e em imos iu iram ia iam indo ido ida idos idas irá irão a am",
    "ão": "ões ãos ães", "l": "is", "al": "ais", "el": "eis", "il": "is eis", "m": "ns", "z": "zes", "r": "res",
    "or": "ora ores oras", "s": "s ses",
    "o": "os", "a": "as", "e": "es", "": "s",
}  # fmt: skip
IT = {
    "are": "a ano i iamo o ò arono ava avano ando ato ata ati ate erà eranno erebbe",
    "ere": "e ono i iamo é erono eva evano endo uto uta uti ute erà eranno",
    "ire": "isce iscono e ono ì irono iva ivano endo ito ita iti ite irà iranno",
    "co": "co chi ci ca che", "go": "go ghi gi ga ghe", "ca": "ca che", "ga": "ga ghe", "io": "io i", "ia": "ia ie",
    "o": "i", "a": "e", "e": "i",
}  # fmt: skip
