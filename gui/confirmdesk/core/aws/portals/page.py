"""One page of AWS's for people, read with botocore's proxies, certificates and connections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from confirmdesk.core.aws.network.certificates import BETWEEN
from confirmdesk.core.aws.sessions import AwsSession
from confirmdesk.core.product import NAME, product_version

# In bytes: what is looked for stands at the beginning.
PAGE = 500_000


@dataclass(frozen=True, slots=True)
class WebPage:
    """`leads_to` is where the browser would go on, "" where it would stay."""

    text: str
    leads_to: str


def page_at(url: str, session: AwsSession, timeout: int) -> WebPage:
    """The page at `url` alone, by the way of `session`: nothing is followed. `timeout` in seconds, for each address and
    read. Raises what botocore raises."""
    from botocore.awsrequest import AWSRequest
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies

    headers = {"Accept-Encoding": "identity", "User-Agent": f"{NAME}/{product_version()}"}
    request = AWSRequest(method="GET", url=url, headers=headers, stream_output=True)
    verify: Any = BETWEEN.join(bundle for bundle, _ in session.bundles) or True
    proxies = get_environ_proxies(url) if session.way.proxies is None else dict(session.way.proxies)
    pages = URLLib3Session(verify, proxies=proxies, timeout=timeout)
    try:
        answer = pages.send(request.prepare())
        with answer.raw as body:
            text = body.read(PAGE).decode(errors="replace")
        leads_to = answer.headers.get("location", "") if 300 <= answer.status_code < 400 else ""
        return WebPage(text, leads_to)
    finally:
        pages.close()
