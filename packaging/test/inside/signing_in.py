"""Signing in to AWS: a company stands beside the program, at the end of its proxy, with an access portal and a pool."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from program import leading_to_ours, opened
from stage import Stage, need

# tests/support, laid beside the player.
sys.path.append(str(Path(__file__).parent / "support"))
from access_portal import AccessPortal
from company import CLIENT, POOL, Company, Desktop
from whole_aws import LATER, PORTAL, WholeAws

# Where this person has libraries of their own. Whatever this program makes of it, others get it as it was.
THEIRS = "/opt/own/lib"
KEY = "ASIAPROGRAM"
# Prints keys as `credential_process` is meant to, and notes what it was started with.
_KEYS = f"""#!/usr/bin/python3
import json, os, pathlib
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(dict(os.environ)))
keys = {{"AccessKeyId": "{KEY}", "SecretAccessKey": "x", "SessionToken": "y", "Expiration": "{LATER}"}}
print(json.dumps({{"Version": 1, **keys}}))
"""


def by_portal(stage: Stage) -> None:
    """Somebody has nothing but a start URL."""
    screen = stage.screen
    with _company() as (company, settings):
        desktop = Desktop(company.at.folder)
        settings["PATH"] = f"{desktop.folder_of_programs}:{os.environ['PATH']}"
        with opened(screen, stage.out / "by_portal.log", "--data-dir", str(company.at.folder / "data"), **settings):
            with stage.proof("with nothing but a start URL from the fresh program to a sign-in in the browser") as tell:
                screen.press("Create a connection")
                screen.fill("Start URL", PORTAL)
                screen.press("Sign in")
                tell(screen.wait_for_text("Connection check", lambda text: "role is chosen" in text))
                stage.picture("role")
            with stage.proof("and on to the list of a pool") as tell:
                screen.press("Load pools")
                screen.wait_for_text("Connection check", lambda text: "1 user pool" in text)
                screen.press("Load app clients")
                screen.wait_for_text("Connection check", lambda text: "1 app client" in text)
                screen.press("Save connection")
                tell(screen.wait_for_text("User counts", lambda text: text.startswith("60 loaded")))
                tell(screen.wait_for_text("Connection status", lambda text: text.startswith("Signed in as jane")))
                stage.picture("signed-in")
        with stage.proof("the browser was started once, with this person's own environment") as tell:
            need(len(desktop.opened) == 1, f"opened: {desktop.opened}")
            tell(_restored(desktop.environment))


def by_program(stage: Stage) -> None:
    """An AWS profile whose keys come from a program of the company."""
    with _company() as (company, settings):
        folder = company.at.folder
        program, config, data = folder / "keys", folder / "config", folder / "data"
        program.write_text(_KEYS)
        program.chmod(0o755)
        config.write_text(f"[profile company]\nregion = eu-west-1\ncredential_process = {program}\n")
        _save_connection(data)
        settings["AWS_CONFIG_FILE"] = str(config)
        # Believed as what an administrator gave the system; nothing of AWS's names it.
        settings["SSL_CERT_FILE"] = settings.pop("AWS_CA_BUNDLE")
        with (
            stage.proof("a pool is listed with the keys that a program prints, and the system's certificates") as tell,
            opened(stage.screen, stage.out / "by_program.log", "--data-dir", str(data), **settings),
        ):
            tell(stage.screen.wait_for_text("User counts", lambda text: text.startswith("60 loaded")))
            asked = [asked.authorization for asked in company.at.asked if asked.service == "cognito-idp"]
            need(all(f"Credential={KEY}/" in authorization for authorization in asked), str(asked))
        with stage.proof("that program was started with this person's own environment") as tell:
            tell(_restored(json.loads(program.with_suffix(".json").read_text())))


@contextmanager
def _company() -> Iterator[tuple[Company, dict[str, str]]]:
    """A company, and the settings of a computer of its own."""
    with tempfile.TemporaryDirectory(dir=Path.home()) as folder:
        at = WholeAws(Path(folder))
        proxy, bundle = f"http://{at.proxy.address}", str(at.authority.bundle)
        settings = {"HTTPS_PROXY": proxy, "AWS_CA_BUNDLE": bundle, "LD_LIBRARY_PATH": THEIRS}
        try:
            yield Company(at, AccessPortal(at)), settings
        finally:
            at.stop()


def _save_connection(data: Path) -> None:
    shop = {"name": "Shop", "region": "eu-west-1", "profile": "company", "pool_id": POOL, "client_id": CLIENT}
    data.mkdir()
    (data / "settings.json").write_text(json.dumps({"version": 1, "connections": [shop], "last_connection": "Shop"}))


def _restored(environment: dict[str, str]) -> str:
    """What another program found that this one started, once it is as it was before."""
    ours = leading_to_ours(f"{name}={value}" for name, value in environment.items())
    need(not ours, ", ".join(ours))
    libraries = environment.get("LD_LIBRARY_PATH")
    need(libraries == THEIRS, f"LD_LIBRARY_PATH was {THEIRS} and is {libraries}")
    return f"LD_LIBRARY_PATH {libraries}"
