"""Where a text may be broken so that its parts make sense: after punctuation, before a word that opens a phrase.

The lists hold the commonest function words of languages in which a break is often wrong; in others only punctuation
counts. Sources: section 3.4 of the BBC Subtitle Guidelines ("Break at natural points") and "Line treatment" in
Netflix's Timed Text Style Guide.
"""

from __future__ import annotations

import re

SENTENCE_END = re.compile(r"[.!?…。!?؟।]['\"”’»)]*\s*$")
_CLAUSE_END = re.compile(r"[,;:،、,;:–—]['\"”’»)]*\s*$")

# What a break is worth, in characters of imbalance between two lines that it makes up for
AFTER_SENTENCE, AFTER_CLAUSE, BEFORE_PHRASE, INSIDE_PHRASE = 24, 14, 6, -24

# Articles, possessives and auxiliaries belong to the word that follows them
_BINDING = {
    "en": "a an the my your his her its our their this that these those no some any every each is are was were be been "
    "am has have had do does did will would can could shall should may might must not to mr mrs ms dr very",
    "de": "der die das den dem des ein eine einen einem einer eines mein dein sein ihr unser kein keine nicht zu sehr "
    "ist sind war waren hat haben hatte wird werden wurde kann soll muss",
    "fr": "le la les un une des du de mon ton son ma ta sa mes tes ses notre votre leur ce cet cette ces ne est sont "
    "était a ont avait très",
    "es": "el la los las un una unos unas mi tu su mis tus sus nuestro este esta estos estas ese esa no es son era ha "
    "han había muy se",
    "it": "il lo la i gli le un uno una mio tuo suo mia tua sua questo questa non è sono era ha hanno molto si",
    "pt": "o a os as um uma uns umas meu teu seu minha tua sua este esta esse essa não é são era há muito se",
    "nl": "de het een mijn jouw zijn haar ons onze hun deze dit die dat geen niet te is was heeft hebben wordt zeer",
}
# Conjunctions and prepositions open a phrase: a line begins with them and never ends with them
_OPENING = {
    "en": "and or but nor so yet because although though while when where which who if unless until since before after "
    "as than in on at by for from with without of into onto over under between among through about against during near "
    "along behind beside across around within upon off like per",
    "de": "und oder aber denn sondern weil obwohl während wenn als dass ob wo damit bevor nachdem bis in im an am auf "
    "aus bei mit nach von vom zu zum zur über unter zwischen durch für gegen ohne um",
    "fr": "et ou mais donc car ni que qui quand lorsque puisque parce si comme où dans sur sous avec sans pour par "
    "chez entre vers depuis pendant avant après contre à",
    "es": "y e o u pero sino porque aunque cuando mientras que quien si como donde en de del a al con sin por para "
    "sobre entre hacia hasta desde durante contra",
    "it": "e ed o ma perché anche quando mentre che chi se come dove in nel nella di del della a al alla da dal con "
    "senza per su sul tra fra verso durante contro",
    "pt": "e ou mas porque embora quando enquanto que quem se como onde em no na de do da ao com sem por para sobre "
    "entre até desde durante contra",
    "nl": "en of maar want omdat hoewel terwijl wanneer als dat waar in op aan bij met naar van voor over onder tussen "
    "door tegen zonder om tijdens",
}
_BINDS = {language: frozenset(words.split()) for language, words in _BINDING.items()}
_OPENS = {language: frozenset(words.split()) for language, words in _OPENING.items()}


def ends_sentence(text: str) -> bool:
    """Tell whether a sentence ends where this text ends."""
    return not text.rstrip()[-1:].isalnum() and SENTENCE_END.search(text) is not None


def worth(left: str, right: str, language: str | None) -> int:
    """Return what a break between two texts is worth, the more the better; `right` is what follows."""
    before = left.split()[-1:]
    if before and not before[0][-1].isalnum():
        if SENTENCE_END.search(before[0]):
            return AFTER_SENTENCE
        if _CLAUSE_END.search(before[0]):
            return AFTER_CLAUSE
    primary = (language or "").partition("-")[0].lower()
    opens = _OPENS.get(primary)
    if not opens or not before:
        return 0
    word = before[0].lower()
    if word in _BINDS[primary] or word in opens:
        return INSIDE_PHRASE
    return BEFORE_PHRASE if _first_word(right) in opens else 0


def _first_word(text: str) -> str:
    return text.lstrip().partition(" ")[0].rstrip(",.;:!?").lower()
