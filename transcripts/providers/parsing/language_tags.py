"""The language that a provider names, as a BCP-47 tag that fits its column."""

from __future__ import annotations

import re

from transcripts.providers.wire import read_text

LONGEST_TAG = 35
TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
# The English names and the three-letter codes that recognisers use, as "tag name code".
_LANGUAGES = """
af afrikaans afr;am amharic amh;ar arabic ara;as assamese asm;az azerbaijani aze;ba bashkir bak;be belarusian bel;
bg bulgarian bul;bn bengali ben;bo tibetan bod;br breton bre;bs bosnian bos;ca catalan cat;cs czech ces;cy welsh cym;
da danish dan;de german deu;el greek ell;en english eng;es spanish spa;et estonian est;eu basque eus;fa persian fas;
fi finnish fin;fo faroese fao;fr french fra;gl galician glg;gu gujarati guj;ha hausa hau;haw hawaiian haw;he hebrew heb;
hi hindi hin;hr croatian hrv;ht haitian hat;hu hungarian hun;hy armenian hye;id indonesian ind;is icelandic isl;
it italian ita;ja japanese jpn;jv javanese jav;ka georgian kat;kk kazakh kaz;km khmer khm;kn kannada kan;ko korean kor;
la latin lat;lb luxembourgish ltz;ln lingala lin;lo lao lao;lt lithuanian lit;lv latvian lav;mg malagasy mlg;
mi maori mri;mk macedonian mkd;ml malayalam mal;mn mongolian mon;mr marathi mar;ms malay msa;mt maltese mlt;
my burmese mya;my myanmar mya;nb norwegian nor;nb bokmål nob;ne nepali nep;nl dutch nld;nn nynorsk nno;oc occitan oci;
pa punjabi pan;pl polish pol;ps pashto pus;pt portuguese por;ro romanian ron;ru russian rus;sa sanskrit san;
sd sindhi snd;si sinhala sin;sk slovak slk;sl slovenian slv;sn shona sna;so somali som;sq albanian sqi;sr serbian srp;
su sundanese sun;sv swedish swe;sw swahili swa;ta tamil tam;te telugu tel;tg tajik tgk;th thai tha;tk turkmen tuk;
tl tagalog tgl;tr turkish tur;tt tatar tat;uk ukrainian ukr;ur urdu urd;uz uzbek uzb;vi vietnamese vie;yi yiddish yid;
yo yoruba yor;yue cantonese yue;zh chinese zho;zh mandarin cmn
"""
_TAGS = {
    known: parts[0]
    for line in _LANGUAGES.replace("\n", "").split(";")
    for parts in [line.split()]
    for known in parts[1:]
}
_NAMES = {line.split()[0]: line.split()[1] for line in reversed(_LANGUAGES.replace("\n", "").split(";"))}


def english_name(tag: str) -> str | None:
    """Return the English name of a tag's language; None if it is not among those that recognisers know."""
    name = _NAMES.get(tag.lower().partition("-")[0])
    return name.capitalize() if name else None


def read_language(value: object) -> str | None:
    """Return a tag for a tag in any spelling, a three-letter code or a name; None for anything else.

    Of several, as some send where speakers change theirs, it is the first.
    """
    if isinstance(value, list):
        return next((tag for tag in map(read_language, value) if tag), None)
    if isinstance(value, dict):
        return read_language(value.get("code") or value.get("language"))
    text = read_text(value).replace("_", "-")
    name = text.partition(" ")[0].lower()
    if name in _TAGS:
        return _TAGS[name]
    primary, dash, rest = text.partition("-")
    if not TAG.fullmatch(text) or len(text) > LONGEST_TAG:
        return None
    return _TAGS.get(primary.lower(), primary.lower()) + dash + "-".join(map(_spelled, rest.split("-")))


def _spelled(part: str) -> str:
    """A region in capitals, a script with one."""
    if len(part) == 2:
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part
