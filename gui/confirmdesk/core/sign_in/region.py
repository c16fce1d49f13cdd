"""The region of an access portal, which people who know its address seldom know."""

import re
from urllib.parse import urljoin

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.ways_in import WayIn
from confirmdesk.core.connections.portal import REGION, Portal, is_aws_page, region_in
from confirmdesk.core.sign_in.asking import Asking

# How often the page may lead on to another one.
_LEAPS = 5
# Lengths are bounded: a page may hold anything, and a search must not become quadratic.
_META = re.compile(r"""<meta\s[^<>]{0,400}\bname=["']?region["'\s][^<>]{0,400}>""", re.IGNORECASE)
_CONTENT = re.compile(r"""\bcontent=["']?([a-z\d-]+)""", re.IGNORECASE)


def find_region(aws: Aws, start_url: str) -> str:
    """Where the portal at `start_url` is: by its address, or else by its page, which takes 15 seconds at most. ""
    where neither tells, and somebody must be asked. Raises ConfirmdeskError where the page cannot be read."""
    if (told := region_in(start_url)) or not is_aws_page(start_url):
        return told
    asking = Asking(aws, WayIn(Portal(start_url, "")))
    return asking.ask(lambda: _told_by_page(aws, start_url))


def _told_by_page(aws: Aws, url: str) -> str:
    for _ in range(_LEAPS):
        page = aws.page_at(url)
        if told := _region_on(page.text):
            return told
        url = urljoin(url, page.leads_to) if page.leads_to else ""
        # Elsewhere nobody but AWS's own pages knows it.
        if not is_aws_page(url):
            return ""
        if told := region_in(url):
            return told
    return ""


def _region_on(page: str) -> str:
    tag = _META.search(page)
    told = _CONTENT.search(tag.group()) if tag else None
    region = told[1].lower() if told else ""
    return region if REGION.fullmatch(region) else ""
