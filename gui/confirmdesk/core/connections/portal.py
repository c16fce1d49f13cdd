"""A company's AWS access portal: the page that its people sign in at, and what its address tells."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from confirmdesk.core.errors import Problem

REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")
# https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosignin.html
_START_URL = re.compile(
    r"https://(?:(?!-)[a-z\d-]{1,63}\.)+[a-z\d-]{2,63}(?::\d{1,5})?(?:/[\w.~%+/-]*)?", re.ASCII | re.IGNORECASE
)
# Where AWS has its portals, and the pages that these lead on to. Nobody else can put a page there.
_AWS_HOSTS = (".awsapps.com", ".awsapps.cn", ".app.aws", ".portal.amazonaws.com", ".signin.aws", ".aws.amazon.com")
_WITHOUT_PATH = re.compile(r"https://[^/.]+\.awsapps\.com")


@dataclass(frozen=True, slots=True)
class Portal:
    """`region` is where the company has its identities, whatever region its pools are in. `device_code` is whether one
    may sign in with a code: some companies forbid it, for a stranger may send somebody such a code."""

    start_url: str
    region: str
    device_code: bool = True


def tidy_start_url(text: str) -> str:
    """One form for all in which people copy it: https, and nothing behind the path."""
    address = re.split("[#?]", text, maxsplit=1)[0].rstrip("/")
    if not address:
        return ""
    scheme, _, rest = address.rpartition("://")
    if scheme.lower() not in ("", "http", "https"):
        return address
    host, slash, path = rest.partition("/")
    address = f"https://{host.lower()}{slash}{path}"
    return f"{address}/start" if _WITHOUT_PATH.fullmatch(address) else address


def start_url_problem(url: str) -> Problem | None:
    """Why `url` cannot be a portal's; no special form is wanted, for AWS has many."""
    if _START_URL.fullmatch(url):
        return None
    hint = "It looks like https://company.awsapps.com/start; your IT department knows it."
    return Problem("The start URL is not a web address.", hint)


def is_aws_page(url: str) -> bool:
    """Whether a page at `url` is AWS's own."""
    try:
        parts = urlsplit(url)
        # Nothing beside the host: whoever reads a URL otherwise than this calls somebody else.
        return (
            parts.scheme == "https"
            and parts.netloc.lower() == parts.hostname
            and f".{parts.hostname}".endswith(_AWS_HOSTS)
        )
    except ValueError:
        return False


def region_in(url: str) -> str:
    """The region that an address of AWS's names behind its first part, which a company may choose; "" for none."""
    if not is_aws_page(url):
        return ""
    labels = str(urlsplit(url).hostname).split(".")[1:]
    return next((label for label in labels if REGION.fullmatch(label)), "")
