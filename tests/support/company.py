"""A company with an access portal, and user pools behind it, for whoever signs in there; and the browser of the person
at the window, which the desktop opens."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from access_portal import AccessPortal
from whole_aws import Asked, Told, WholeAws, refused, told

POOL, CLIENT = "eu-west-1_Ab12Cd34E", "4f9k2client"
PAGE = 20
ARN = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_support_0a1b/jane"


@dataclass
class Company:
    """`people` wait for a code in the shop's pool. `asks_anew_after` pages AWS takes the keys no more, until somebody
    signs in again."""

    at: WholeAws
    portal: AccessPortal
    people: int = 60
    asks_anew_after: int | None = None
    pages: list[int] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._signed_in_when_refused = 0
        page = Told(200, '<html><head><meta name="region" content="eu-west-1"></head></html>', "text/html")
        self.at.answers |= {"cognito-idp": self._cognito, "sts": self._who, "x": page}

    @property
    def sign_ins(self) -> int:
        """How often somebody got a token for what they did in the browser."""
        return sum(asked.body.get("grantType") != "refresh_token" for asked in self.portal.asked("/token"))

    def _who(self, _: Asked) -> Told:
        return Told(
            200,
            '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
            f"<Arn>{ARN}</Arn><UserId>x</UserId><Account>123456789012</Account></GetCallerIdentityResult>"
            "</GetCallerIdentityResponse>",
            "text/xml",
        )

    def _cognito(self, asked: Asked) -> Told:
        # The name of the operation is in a header; what is asked for tells as much.
        body = asked.body
        if "Username" in body:
            self.sent.append(body["Username"])
            mask = {"Destination": "p***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
            return told({"CodeDeliveryDetails": mask})
        if "Limit" in body:
            return self._users(int(body.get("PaginationToken", "0")))
        if "ClientId" in body:
            return told({"UserPoolClient": {"ClientName": "web"}})
        if "ClientType" in body:
            return told({"UserPoolClients": [{"ClientId": CLIENT, "ClientName": "web"}]})
        if "UserPoolId" in body:
            return told({"UserPool": {"Name": "Shop", "AutoVerifiedAttributes": ["email"]}})
        return told({"UserPools": [{"Id": POOL, "Name": "Shop"}]})

    def _users(self, begin: int) -> Told:
        page = begin // PAGE
        if self.asks_anew_after is not None and page >= self.asks_anew_after:
            self.portal.end_sessions()
            self._signed_in_when_refused = self._signed_in_when_refused or self.sign_ins
            if self.sign_ins == self._signed_in_when_refused:
                return refused("ExpiredTokenException", "The security token included in the request is expired", 400)
        self.pages.append(page)
        people = [_person(number) for number in range(begin, min(begin + PAGE, self.people))]
        more = {"PaginationToken": str(begin + PAGE)} if begin + PAGE < self.people else {}
        return told({"Users": people, **more})


def _person(number: int) -> dict[str, object]:
    created = datetime(2026, 11, 26, 9, number % 60, tzinfo=UTC).timestamp()
    return {
        "Username": f"user-{number:03}",
        "Attributes": [{"Name": "email", "Value": f"person{number}@example.com"}],
        "UserCreateDate": created,
        "UserLastModifiedDate": created,
        "Enabled": True,
        "UserStatus": "UNCONFIRMED",
    }


@pytest.fixture
def company(whole_aws: WholeAws, access_portal: AccessPortal) -> Company:
    return Company(whole_aws, access_portal)


class Desktop:
    """Its browser, a small program: it follows what it is told to open, through the proxy and trusting the company's
    certificates, as soon as somebody sits `at_browser`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.folder_of_programs = folder / "programs"
        self.folder_of_programs.mkdir()
        program = self.folder_of_programs / "xdg-open"
        program.write_text(f"#!{sys.executable}\nimport sys\nFOLDER = {str(folder)!r}\n{_BROWSER}")
        program.chmod(0o755)
        self.sit_down()

    def sit_down(self) -> None:
        (self._folder / "at browser").touch()

    def leave(self) -> None:
        """Nobody does anything in the browser any more."""
        (self._folder / "at browser").unlink()

    @property
    def opened(self) -> list[str]:
        """The addresses, in the order in which they came."""
        told = self._folder / "opened"
        return told.read_text().splitlines() if told.exists() else []

    @property
    def environment(self) -> dict[str, str]:
        """What the browser was started with, the last time."""
        told: dict[str, str] = json.loads((self._folder / "environment").read_text())
        return told

    def visit(self, address: str) -> None:
        """Open `address` by hand."""
        subprocess.run([self.folder_of_programs / "xdg-open", address], check=True)


_BROWSER = """
import json, os, pathlib, ssl, urllib.request
folder, address = pathlib.Path(FOLDER), sys.argv[1]
(folder / "environment").write_text(json.dumps(dict(os.environ)))
with (folder / "opened").open("a") as told:
    print(address, file=told)
if (folder / "at browser").exists():
    context = ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])
    urllib.request.build_opener(urllib.request.HTTPSHandler(context=context)).open(address).read()
"""


@pytest.fixture
def desktop(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    made = Desktop(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join((str(made.folder_of_programs), os.environ["PATH"])))
    return made
