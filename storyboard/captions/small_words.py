"""Small words of some languages that decide where a line of a subtitle ends well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LEANING: Final[Mapping[str, frozenset[str]]] = {
    "en": _words("a an the my your his her its our their this that these those very not i i'm don't"),
    "de": _words(
        "der die das den dem des ein eine einen einem einer eines mein meine meinen dein deine deinen sein seine ihr "
        "ihre unser unsere euer eure dieser diese dieses kein keine keinen sehr nicht ich"
    ),
    "fr": _words(
        "le la les un une des du au aux mon ma mes ton ta tes son sa ses notre nos votre vos leur ce "
        "cet cette ces ne je"
    ),
    "es": _words("el la los las un una unos unas mi mis tu tus su sus este esta ese esa muy no lo al del"),
    "it": _words("il lo la i gli le un uno una mio mia tuo tua suo sua questo questa molto non al del della"),
    "pt": _words("o a os as um uma meu minha teu tua seu sua este esta esse essa muito não ao do da no na"),
    "nl": _words("de het een mijn jouw zijn haar ons onze hun deze dit die dat geen zeer niet ik"),
    "sv": _words("en ett den det de min mitt din ditt sin sitt vår er denna detta mycket inte jag"),
}
"""Articles and the like, by language: they lean on the next word, so no line ends with one."""

JOINING: Final[Mapping[str, frozenset[str]]] = {
    "en": _words(
        "and but or nor so because although though if when while until unless since that which who whose where as than "
        "to of in on at by for from with without into onto over under after before about between through against like"
    ),
    "de": _words(
        "und aber oder denn sondern weil obwohl wenn als während bis dass ob wo wie damit nachdem bevor der zu in im "
        "an am auf aus bei mit nach von vom vor für ohne um über unter zwischen durch gegen seit"
    ),
    "fr": _words(
        "et mais ou donc or ni car parce que quand lorsque si comme où qui dont pour avec sans dans sur sous chez de à "
        "en par entre vers contre avant après pendant depuis jusqu'à"
    ),
    "es": _words(
        "y e pero o u ni porque aunque si cuando mientras que quien donde como para por con sin en de a desde hasta "
        "sobre entre contra antes después"
    ),
    "it": _words(
        "e ed ma o né perché anche se quando mentre che chi dove come per con senza in di a da su tra "
        "fra contro prima dopo"
    ),
    "pt": _words(
        "e mas ou nem porque embora se quando enquanto que quem onde como para por com sem em de a desde até sobre "
        "entre contra antes depois"
    ),
    "nl": _words(
        "en maar of want omdat hoewel als toen terwijl tot dat die waar zoals om te in op aan bij met zonder voor na "
        "van uit over onder tussen door tegen"
    ),
    "sv": _words(
        "och men eller för att om när medan tills som där än till av i på vid med utan från "
        "över under efter före mellan"
    ),
}
"""Conjunctions, prepositions and what begins a clause, by language: a line begins well with one, and ends badly."""

TITLES: Final = _words("mr. mrs. ms. dr. prof. st. hr. fr. herr frau m. mme. mlle. sr. sra. nr. vs.")
"""Before a name or a number: the full stop ends no sentence."""
