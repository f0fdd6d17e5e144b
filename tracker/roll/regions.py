"""Regions of the world: which country lies in which, after the geoscheme of the United Nations (M49).

The facts are those of Unicode CLDR 48.2, supplemental/territoryContainment.json (Unicode License v3), which follows M49
and places what M49 leaves out, such as Kosovo. CLDR also names the regions, in every language, under the same codes.
"""

from __future__ import annotations

#: The sub-regions of each region, in the order of M49.
REGIONS = {
    "002": ("015", "011", "017", "014", "018"),
    "019": ("021", "013", "029", "005"),
    "142": ("145", "143", "030", "034", "035"),
    "150": ("154", "155", "151", "039"),
    "009": ("053", "054", "057", "061"),
}

_COUNTRIES = {
    "015": "DZ EA EG EH IC LY MA SD TN",
    "011": "BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG",
    "017": "AO CD CF CG CM GA GQ ST TD",
    "014": "BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW",
    "018": "BW LS NA SZ ZA",
    "021": "BM CA GL PM US",
    "013": "BZ CR GT HN MX NI PA SV",
    "029": "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI",
    "005": "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE",
    "145": "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE",
    "143": "KG KZ TJ TM UZ",
    "030": "CN HK JP KP KR MN MO TW",
    "034": "AF BD BT IN IR LK MV NP PK",
    "035": "BN ID KH LA MM MY PH SG TH TL VN",
    "154": "AX CQ DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ",
    "155": "AT BE CH DE FR LI LU MC NL",
    "151": "BG BY CZ HU MD PL RO RU SK UA",
    "039": "AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA XK",
    "053": "AU CC CX HM NF NZ",
    "054": "FJ NC PG SB VU",
    "057": "FM GU KI MH MP NR PW UM",
    "061": "AS CK NU PF PN TK TO TV WF WS",
}
_SUB_REGION_OF = {country: code for code, countries in _COUNTRIES.items() for country in countries.split()}
_REGION_OF = {sub_region: region for region, parts in REGIONS.items() for sub_region in parts}


def sub_region_of(country: str | None) -> str | None:
    """Return the code of the sub-region in which a country lies; ``None`` where it is not known.

    Args:
        country: ISO 3166-1 alpha-2. Antarctica lies in none.
    """
    return _SUB_REGION_OF.get(country or "")


def region_of(sub_region: str) -> str:
    """Return the code of the region to which a sub-region belongs."""
    return _REGION_OF[sub_region]
