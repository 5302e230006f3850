import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bookme import config, sign_in_settings
from bookme.crypto import new_key
from bookme.providers.registry import PROVIDERS
from tests.processes import ROOT


def load(tmp_path: Path, **environ: str) -> dict[str, object]:
    return config.load({"STATE_DIR": str(tmp_path), **environ})


def test_nothing_set_is_a_working_configuration(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings["PUBLIC_URL"] == "http://localhost:8000"
    assert settings["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path / 'bookme.sqlite'}"
    assert settings["MAIL_CONFIGURED"] is False


def test_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first, again = load(tmp_path), load(tmp_path)
    assert first["SECRET_KEY"] == again["SECRET_KEY"]
    assert first["TOKEN_KEYS"] == again["TOKEN_KEYS"]
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"secret_key": 0o600, "token_keys": 0o600}


def test_processes_that_start_at_once_agree_on_the_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as together:
        keys = set(together.map(lambda _: config.kept_key(tmp_path / "secret_key"), range(40)))
    assert len(keys) == 1
    assert len(keys.pop()) == 44
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_https_demands_keys_from_the_environment(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError) as caught:
        load(tmp_path, PUBLIC_URL="https://book.example.com")
    assert "SECRET_KEY is required" in str(caught.value)
    assert "TOKEN_KEYS is required" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_the_redis_of_make_run_is_found_from_any_shell(tmp_path: Path) -> None:
    assert load(tmp_path)["REDIS_URL"] == "redis://localhost:6379/0"
    socket = config.redis_socket(tmp_path)
    socket.parent.mkdir(0o700)
    socket.touch()
    assert load(tmp_path)["REDIS_URL"] == f"unix://{socket}?db=0"
    assert load(tmp_path, REDIS_URL="redis://other/1")["REDIS_URL"] == "redis://other/1"


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    wrong = {
        "PORT": "many",
        "PUBLIC_URL": "ftp://example.com",
        "SECRET_KEY": "short",
        "TOKEN_KEYS": "not base64 of 32 bytes",
        "DATABASE_URL": "mysql://localhost/x",
        "REDIS_URL": "http://localhost",
        "MAIL_URL": "http://localhost",
        "MAIL_FROM": "nobody",
        "TRUSTED_PROXIES": "-1",
        "RATE_LIMITS": "maybe",
        "FOOTER_BRAND": "sometimes",
        "ZOOM_CLIENT_ID": "only the id",
        "ZOOM_API_URL": "zoom",
        "GOOGLE_CLIENT_SECRET": "only the secret",
        "MICROSOFT_OAUTH_URL": "ldap://example.com",
        "ICLOUD_HOSTS": "https://example.com/",
        "WAITS_DIVIDED_BY": "0",
        "WEB_WORKERS": "0",
        "KEEP_HISTORY_DAYS": "30",
        "METRICS_PORT": "http",
        "METRICS_TOKEN": "easy",
        "LOG_FORMAT": "xml",
        "KEEP_BOOKINGS_DAYS": "30",
        "PASSWORDS": "off",
        "SIGN_UP": "everybody",
        "OIDC_GOOGEL_LABEL": "Google",
    }
    with pytest.raises(config.ConfigError) as caught:
        load(tmp_path, **wrong)
    lines = str(caught.value).splitlines()[1:]
    named = {line.split()[1] for line in lines}
    wrong["GOOGLE_CLIENT_ID"] = wrong.pop("GOOGLE_CLIENT_SECRET")  # the two are named together
    assert named == set(wrong)
    assert len(lines) == len(wrong)


@pytest.mark.parametrize(
    ("url", "factor", "said"),
    [
        ("http://localhost:8000", "50", ""),
        ("http://localhost:8000", "51", "must be a number from 1 to 50"),
        ("https://book.example.com", "1", ""),
        ("https://book.example.com", "2", "never where PUBLIC_URL is https"),
    ],
)
def test_leases_are_cut_short_in_fault_runs_only(
    tmp_path: Path, url: str, factor: str, said: str
) -> None:
    keys = {"SECRET_KEY": "s" * 32, "TOKEN_KEYS": new_key()}
    given = {"PUBLIC_URL": url, "WAITS_DIVIDED_BY": factor, **keys}
    if not said:
        assert load(tmp_path, **given)["WAITS_DIVIDED_BY"] == float(factor)
        return
    with pytest.raises(config.ConfigError, match=said):
        load(tmp_path, **given)


def test_the_metrics_have_a_port_of_their_own_or_none(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError, match="METRICS_PORT must be another one than PORT"):
        load(tmp_path, METRICS_PORT="8000")
    assert load(tmp_path, METRICS_PORT="9100")["METRICS_PORT"] == 9100


def test_a_mistake_does_not_show_the_secret(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError) as caught:
        load(tmp_path, TOKEN_KEYS="hunter2hunter2", MAIL_URL="ftp://me:hunter2hunter2@localhost")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@db/bookme", "postgresql+psycopg://u:p@db/bookme"),
        ("postgresql://u:p@db/bookme", "postgresql+psycopg://u:p@db/bookme"),
        ("sqlite:////srv/x.sqlite", "sqlite:////srv/x.sqlite"),
    ],
    ids=["short", "long", "sqlite"],
)
def test_database_addresses_name_the_driver(tmp_path: Path, given: str, used: str) -> None:
    assert load(tmp_path, DATABASE_URL=given)["SQLALCHEMY_DATABASE_URI"] == used


def test_a_mail_address_sets_the_server(tmp_path: Path) -> None:
    settings = load(tmp_path, MAIL_URL="smtps://me%40x:secret%2F@mail.example.com")
    assert settings["MAIL_SERVER"] == "mail.example.com"
    assert settings["MAIL_PORT"] == 465
    assert settings["MAIL_USE_SSL"] is True
    assert (settings["MAIL_USERNAME"], settings["MAIL_PASSWORD"]) == ("me@x", "secret/")


def test_providers_to_sign_in_with_are_named_with_what_is_usual(tmp_path: Path) -> None:
    given = {"OIDC_PROVIDERS": "google, microsoft,work"}
    for name in ("GOOGLE", "MICROSOFT", "WORK"):
        given |= {f"OIDC_{name}_CLIENT_ID": f"{name} id", f"OIDC_{name}_CLIENT_SECRET": "hush"}
    given |= {"OIDC_WORK_ISSUER": "https://id.example.com/x", "OIDC_WORK_LABEL": "Our company"}
    settings = load(tmp_path, PASSWORDS="off", **given)
    found = settings["OIDC_PROVIDERS"]
    assert isinstance(found, tuple)
    assert [(one.name, one.label, one.issuer) for one in found] == [
        ("google", "Google", "https://accounts.google.com"),
        ("microsoft", "Microsoft", "https://login.microsoftonline.com/common/v2.0"),
        ("work", "Our company", "https://id.example.com/x"),
    ]
    assert "hush" not in repr(found)
    assert settings["PASSWORDS"] is False


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"OIDC_PROVIDERS": "Work!"}, "OIDC_PROVIDERS must be names of small letters"),
        ({"OIDC_PROVIDERS": "work,work"}, "OIDC_PROVIDERS must be names"),
        ({"OIDC_PROVIDERS": "work"}, "OIDC_WORK_ISSUER is required"),
        ({"OIDC_PROVIDERS": "work"}, "OIDC_WORK_CLIENT_ID is required"),
        ({"OIDC_PROVIDERS": "google"}, "OIDC_GOOGLE_CLIENT_SECRET is required"),
        ({"OIDC_WORK_ISSUER": "http://id.example.com"}, "must be an address that starts with ht"),
        ({"OIDC_WORK_ISSUER": "https://id.example.com?x=1"}, "OIDC_WORK_ISSUER must be"),
        ({"OIDC_WORK_ISSUER": "https://u:p@id.example.com"}, "OIDC_WORK_ISSUER must be"),
        ({"OIDC_WORK_LABEL": "x" * 41}, "OIDC_WORK_LABEL must have at most 40 characters"),
        ({"OIDC_WOKR_LABEL": "x"}, "OIDC_WOKR_LABEL belongs to no provider"),
        ({"PASSWORDS": "no"}, "PASSWORDS must be on or off"),
        ({"OIDC_PROVIDERS": "", "PASSWORDS": "off"}, "PASSWORDS can only be off if OIDC_PROVIDERS"),
        ({"SIGN_UP": "closed"}, "SIGN_UP must be open, invited, or domains"),
        ({"SIGN_UP": "example.com,not a domain.x"}, "SIGN_UP must be"),
    ],
)
def test_what_is_wrong_with_signing_in_is_said(
    tmp_path: Path, given: dict[str, str], said: str
) -> None:
    sound = {
        "OIDC_PROVIDERS": "work",
        "OIDC_WORK_ISSUER": "https://id.example.com",
        "OIDC_WORK_CLIENT_ID": "id",
        "OIDC_WORK_CLIENT_SECRET": "hunter2",
    }
    with pytest.raises(config.ConfigError) as caught:
        load(tmp_path, **(given if given.get("OIDC_PROVIDERS") else sound | given))
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "mode", "domains"),
    [
        ("", "open", ()),
        ("invited", "invited", ()),
        ("example.com, @Example.ORG", "domains", ("example.com", "example.org")),
        ("bücher.example", "domains", ("xn--bcher-kva.example",)),
    ],
)
def test_sign_up_is_open_invited_or_for_domains(
    tmp_path: Path, given: str, mode: str, domains: tuple[str, ...]
) -> None:
    settings = load(tmp_path, SIGN_UP=given)
    assert (settings["SIGN_UP"], settings["SIGN_UP_DOMAINS"]) == (mode, domains)


def test_one_s_own_machine_needs_no_https_at_a_provider(tmp_path: Path) -> None:
    given = {
        "OIDC_PROVIDERS": "work",
        "OIDC_WORK_ISSUER": "http://localhost:8001/openid",
        "OIDC_WORK_CLIENT_ID": "id",
        "OIDC_WORK_CLIENT_SECRET": "secret",
    }
    assert load(tmp_path, **given)["OIDC_PROVIDERS"]
    keys = {"SECRET_KEY": "s" * 32, "TOKEN_KEYS": new_key()}
    with pytest.raises(config.ConfigError, match="OIDC_WORK_ISSUER must be"):
        load(tmp_path, PUBLIC_URL="https://book.example.com", **keys, **given)


def test_every_name_is_in_the_readme() -> None:
    sources = (config, sign_in_settings)
    source = "".join(Path(str(one.__file__)).read_text() for one in sources)
    readme = (ROOT / "README.md").read_text()
    names = names_in(source) | set(names_of_providers()) | {"OIDC_PROVIDERS"}
    names |= {f"OIDC_<NAME>_{part}" for part in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "LABEL")}
    assert len(names) > 30
    assert [name for name in sorted(names) if f"`{name}`" not in readme] == []


def names_in(source: str) -> set[str]:
    found = re.findall(r'read\.(?:text|url|number|parsed)\(\s*"([A-Z_]+)"', source)
    return {*found, "SECRET_KEY", "TOKEN_KEYS"}


def names_of_providers() -> Iterator[str]:
    for facts in PROVIDERS.values():
        yield from (one.name for one in facts.settings)
        if facts.consent is not None:
            yield from (f"{facts.name.upper()}_CLIENT_{part}" for part in ("ID", "SECRET"))


def test_icloud_hosts_are_a_list_without_case(tmp_path: Path) -> None:
    hosts = load(tmp_path, ICLOUD_HOSTS="caldav.example.com, *.Example.com,")["ICLOUD_HOSTS"]
    assert hosts == ("caldav.example.com", "*.example.com")
    assert load(tmp_path)["ICLOUD_HOSTS"] == ("caldav.icloud.com", "*.icloud.com")


def test_a_folder_that_takes_no_keys_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(config.ConfigError) as caught:
        config.load({"STATE_DIR": str(tmp_path / "file" / "state")})
    for name in ("SECRET_KEY", "TOKEN_KEYS"):
        assert f"{name} is not set, and cannot be kept in {tmp_path}/file/state" in str(
            caught.value
        )
