import pytest

from config import Settings, UnsafeSettings

KEY = "9f2c4b7a1d5e8036c2f4a6b8d0e1f3579"


def settings(**environ: str) -> Settings:
    return Settings.from_environment({f"TRACKER_{name}": value for name, value in environ.items()})


def test_production_starts_with_a_key_of_its_own() -> None:
    assert settings(SECRET_KEY=KEY).for_serving().environment == "production"


def test_the_demo_starts_without_any_other_setting(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("config.INSTANCE", tmp_path)
    first = settings(DEMO="1").for_serving()
    assert first.environment == "laptop"
    assert settings(DEMO="1").for_serving().secret_key == first.secret_key


@pytest.mark.parametrize(
    ("environ", "variable"),
    [
        ({}, "TRACKER_SECRET_KEY"),
        ({"SECRET_KEY": "dev"}, "TRACKER_SECRET_KEY"),
        ({"SECRET_KEY": "changeme"}, "TRACKER_SECRET_KEY"),
        ({"SECRET_KEY": "a" * 64}, "TRACKER_SECRET_KEY"),
        ({"SECRET_KEY": "9f2c4b7a1d5e8036"}, "TRACKER_SECRET_KEY"),
        ({"SECRET_KEY": KEY, "DEMO": "1", "ENVIRONMENT": "production"}, "TRACKER_DEMO"),
        ({"SECRET_KEY": KEY, "ENVIRONMENT": "staging"}, "TRACKER_ENVIRONMENT"),
        ({"SECRET_KEY": KEY, "DEMO": "maybe"}, "TRACKER_DEMO"),
        ({"SECRET_KEY": KEY, "PAGE_CACHE_MEGABYTES": "-1"}, "TRACKER_PAGE_CACHE_MEGABYTES"),
    ],
)
def test_it_refuses_unsafe_settings_and_names_the_variable(environ: dict[str, str], variable: str) -> None:
    with pytest.raises(UnsafeSettings, match=variable):
        settings(**environ).for_serving()


def test_cookies_are_secure_outside_the_laptop() -> None:
    told = settings(SECRET_KEY=KEY).for_serving().flask()
    assert told["SESSION_COOKIE_SECURE"]
    assert told["SESSION_COOKIE_HTTPONLY"]
    assert told["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_commands_need_no_key() -> None:
    assert settings().for_commands().secret_key


def test_an_address_without_a_driver_gets_the_installed_one() -> None:
    assert settings(DATABASE_URL="postgresql://u@h/d").database_url == "postgresql+psycopg://u@h/d"
