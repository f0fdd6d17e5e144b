import iso3166
import pytest

from tracker.i18n import LOCALES
from tracker.roll.regions import REGIONS, region_of, sub_region_of

#: Neither M49 nor CLDR counts it to a region.
IN_NO_REGION = {"AQ"}


@pytest.mark.parametrize(
    ("country", "sub_region", "region"),
    [("MD", "151", "150"), ("XK", "039", "150"), ("NG", "011", "002"), ("US", "021", "019"), ("KZ", "143", "142")],
)
def test_a_country_lies_in_a_region(country: str, sub_region: str, region: str) -> None:
    assert sub_region_of(country) == sub_region
    assert region_of(sub_region) == region


def test_every_country_that_there_is_lies_in_one() -> None:
    codes = {country.alpha2 for country in iso3166.countries}
    assert {code for code in codes if sub_region_of(code) is None} == IN_NO_REGION


@pytest.mark.parametrize("country", [None, "", "EU", "ZZ"])
def test_what_is_no_country_lies_in_none(country: str | None) -> None:
    assert sub_region_of(country) is None


@pytest.mark.parametrize("language", LOCALES)
def test_every_region_has_a_name(language: str) -> None:
    names = LOCALES[language].territories
    assert {code for region, parts in REGIONS.items() for code in (region, *parts) if code not in names} == set()
