"""Languages by their BCP 47 tags: whether a tag is one, how its language is written, and what MP4 calls it. Pure.

Tags follow RFC 5646, section 2.1. What MP4 stores is the language alone, as three letters of ISO 639-2/T.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from storyboard.text.suggestions import did_you_mean

_CHINESE = frozenset({"cmn", "hak", "nan", "wuu", "yue"})
_TAG = re.compile(
    r"""(?P<language>[a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4,8})
        (-(?P<script>[a-z]{4}))?
        (-(?P<region>[a-z]{2}|[0-9]{3}))?
        (-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*
        (-[0-9a-wy-z](-[a-z0-9]{2,8})+)*
        (-x(-[a-z0-9]{1,8})+)?""",
    re.VERBOSE | re.IGNORECASE,
)


def _pairs(text: str) -> dict[str, str]:
    return dict(each.split(":") for each in text.split())


_TERMINOLOGY = _pairs(
    """
    aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel bg:bul bi:bis
    bm:bam bn:ben bo:bod br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces cu:chu cv:chv cy:cym da:dan de:deu
    dv:div dz:dzo ee:ewe el:ell en:eng eo:epo es:spa et:est eu:eus fa:fas ff:ful fi:fin fj:fij fo:fao fr:fra fy:fry
    ga:gle gd:gla gl:glg gn:grn gu:guj gv:glv ha:hau he:heb hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:hye hz:her ia:ina
    id:ind ie:ile ig:ibo ii:iii ik:ipk io:ido is:isl it:ita iu:iku ja:jpn jv:jav ka:kat kg:kon ki:kik kj:kua kk:kaz
    kl:kal km:khm kn:kan ko:kor kr:kau ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim ln:lin lo:lao
    lt:lit lu:lub lv:lav mg:mlg mh:mah mi:mri mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya na:nau nb:nob nd:nde
    ne:nep ng:ndo nl:nld nn:nno no:nor nr:nbl nv:nav ny:nya oc:oci oj:oji om:orm or:ori os:oss pa:pan pi:pli pl:pol
    ps:pus pt:por qu:que rm:roh rn:run ro:ron ru:rus rw:kin sa:san sc:srd sd:snd se:sme sg:sag si:sin sk:slk sl:slv
    sm:smo sn:sna so:som sq:sqi sr:srp ss:ssw st:sot su:sun sv:swe sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk
    tl:tgl tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi ty:tah ug:uig uk:ukr ur:urd uz:uzb ve:ven vi:vie vo:vol wa:wln
    wo:wol xh:xho yi:yid yo:yor za:zha zh:zho zu:zul
    """
)
"""ISO 639-1 to ISO 639-2/T."""

_BIBLIOGRAPHIC = _pairs(
    """
    alb:sq arm:hy baq:eu bur:my chi:zh cze:cs dut:nl fre:fr geo:ka ger:de gre:el ice:is mac:mk mao:mi may:ms per:fa
    rum:ro slo:sk tib:bo wel:cy
    """
)
"""ISO 639-2/B, which differs from /T in twenty codes, to ISO 639-1."""

_QUICKTIME = frozenset(
    [
        "alb",
        "amh",
        "ara",
        "arm",
        "asm",
        "aym",
        "aze",
        "baq",
        "bel",
        "ben",
        "bul",
        "bur",
        "cat",
        "ces",
        "chi",
        "dan",
        "dut",
        "dzo",
        "eng",
        "epo",
        "est",
        "fin",
        "fra",
        "geo",
        "ger",
        "gre",
        "grn",
        "guj",
        "heb",
        "hin",
        "hun",
        "ice",
        "ind",
        "ita",
        "jav",
        "jpn",
        "kan",
        "kas",
        "kaz",
        "khm",
        "kin",
        "kir",
        "kor",
        "kur",
        "lao",
        "lat",
        "lav",
        "lit",
        "mac",
        "mal",
        "mar",
        "may",
        "mlg",
        "mlt",
        "mon",
        "nep",
        "nor",
        "nya",
        "ori",
        "orm",
        "per",
        "pol",
        "por",
        "pus",
        "que",
        "ron",
        "run",
        "rus",
        "san",
        "sin",
        "slk",
        "slv",
        "snd",
        "som",
        "spa",
        "swa",
        "tam",
        "tat",
        "tel",
        "tgk",
        "tgl",
        "tha",
        "tib",
        "tir",
        "tuk",
        "tur",
        "uig",
        "ukr",
        "urd",
        "uzb",
        "vie",
        "wel",
        "yid",
    ]
)
"""Languages that ffmpeg can tell in a QuickTime file, which numbers them: some by /B, others by /T."""

_COUNTRIES = {
    "cn": "zh",
    "cz": "cs",
    "dk": "da",
    "gr": "el",
    "jp": "ja",
    "kr": "ko",
    "tw": "zh",
    "us": "en",
    "vn": "vi",
}
"""Codes of countries that are written for those of their languages."""

_NAMES = _pairs(
    """
    arabic:ar chinese:zh czech:cs danish:da dutch:nl english:en finnish:fi french:fr german:de greek:el hebrew:he
    hindi:hi hungarian:hu indonesian:id italian:it japanese:ja korean:ko mandarin:zh norwegian:no persian:fa polish:pl
    portuguese:pt romanian:ro russian:ru spanish:es swedish:sv thai:th turkish:tr ukrainian:uk urdu:ur vietnamese:vi
    """
)
_RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "azb", "ckb", "dv", "fa", "glk", "he", "mzn", "ps", "sd", "syr", "ug", "ur", "yi"}
)
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"})
_TRADITIONAL_REGIONS = frozenset({"HK", "MO", "TW"})


def tag_problem(tag: str) -> str | None:
    """What is wrong with a language tag, and what to write instead; None where it is right."""
    dashed = tag.replace("_", "-").strip()
    match = _TAG.fullmatch(dashed)
    if match is None or len(match["language"].partition("-")[0]) > 3:
        named = _NAMES.get(dashed.casefold())
        return f"is no language tag, such as en, pt-BR or zh-Hant{f'; write {named}' if named else ''}"
    first = match["language"].partition("-")[0].lower()
    meant = _shortest(first)
    if meant is None:
        hint = f"; write {_COUNTRIES[first]}" if first in _COUNTRIES else ""
        return f"names the language {first!r}, which ISO 639 does not have{hint}"
    right = "-".join([meant, *_canonical(dashed).split("-")[1:]])
    return None if right == tag else f"is not how this tag is written; write {right}"


def like(tag: str, known: Iterable[str]) -> str:
    """`; did you mean 'pt-BR'?` where one of these is the same language, or is spelled nearly so; else nothing."""
    same = next((each for each in known if primary(each) == primary(tag)), None)
    return did_you_mean(tag, known) if same is None else f"; did you mean {same!r}?"


def primary(tag: str) -> str:
    """The language alone: "zh" of "zh-Hant"; the languages of China count as Chinese."""
    first = tag.partition("-")[0].lower()
    return "zh" if first in _CHINESE else first


def is_traditional_chinese(tag: str) -> bool:
    """Whether a tag of Chinese means its traditional characters, by script, else by region or language."""
    script, region = _script_and_region(tag)
    if script is not None:
        return script == "Hant"
    return region in _TRADITIONAL_REGIONS or tag.partition("-")[0] == "yue"


def is_right_to_left(tag: str) -> bool:
    """Whether the language is written from right to left, in the script that the tag names or in its usual one."""
    script, _ = _script_and_region(tag)
    return script in _RIGHT_TO_LEFT_SCRIPTS if script is not None else primary(tag) in _RIGHT_TO_LEFT


def iso_639_2(tag: str) -> str:
    """The three letters by which MP4 and its players know the language: "deu" of "de-AT"."""
    first = tag.partition("-")[0].lower()
    return _TERMINOLOGY.get(first, first if len(first) == 3 else "und")


def quicktime_language(tag: str) -> str:
    """The three letters by which a QuickTime file is told the language: "ger" of "de"; "und" of what it has no place
    for."""
    wanted = iso_639_2(tag)
    bookish = [three for three, two in _BIBLIOGRAPHIC.items() if iso_639_2(two) == wanted]
    return next((code for code in (wanted, *bookish) if code in _QUICKTIME), "und")


def is_iso_639_2(code: str | None, tag: str) -> bool:
    """Whether a file calls a language by one of the codes that stand for this tag: "deu" or "ger" of "de"."""
    wanted = iso_639_2(tag)
    bookish = (three for three, two in _BIBLIOGRAPHIC.items() if iso_639_2(two) == wanted)
    return code in {wanted, *bookish} or (wanted == "und" and code is None)


def _shortest(language: str) -> str | None:
    """The code that BCP 47 wants: of two letters wherever there is one. None where there is no such language."""
    if len(language) == 2:
        return language if language in _TERMINOLOGY else None
    by_three = {three: two for two, three in _TERMINOLOGY.items()}
    return by_three.get(language) or _BIBLIOGRAPHIC.get(language) or language


def _canonical(tag: str) -> str:
    """The usual case: languages small, scripts with a capital, regions in capitals; none after a single letter."""
    parts, written, single = tag.split("-"), [], False
    for place, part in enumerate(parts):
        plain = place == 0 or single or len(part) == 1
        single = single or len(part) == 1
        if not plain and len(part) == 4 and part.isalpha():
            written.append(part.title())
        elif not plain and len(part) == 2:
            written.append(part.upper())
        else:
            written.append(part.lower())
    return "-".join(written)


def _script_and_region(tag: str) -> tuple[str | None, str | None]:
    match = _TAG.fullmatch(tag)
    if match is None:
        return None, None
    script, region = match["script"], match["region"]
    return (script.title() if script else None), (region.upper() if region else None)
