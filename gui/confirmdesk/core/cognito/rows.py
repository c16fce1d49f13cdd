"""One row of the table of `problems`: a failure, and what it means for the person at the desk."""

import re
from dataclasses import dataclass

from confirmdesk.core.errors import Kind

CLOSED = "EndpointConnectionError|ConnectTimeoutError"
SILENT = (
    "ReadTimeoutError|ConnectionClosedError|HTTPClientError|ResponseStreamingError|IncompleteReadError|OverdueError"
)


@dataclass(frozen=True, slots=True)
class Row:
    """`code` is a regular expression for AWS's error code or the name of botocore's exception, `text` for its words
    followed by the right that the call needs, `of` for the operation that AWS refused.

    {profile}, {credentials}, {host}, {sign_in_host}, {there} (one of these two), {region}, {sso_region}, {pool},
    {times} and {right} are filled in; {Profile} and {Host} begin a sentence. A row for `defaults` is for connections
    that name no profile, one for `practice` for those to the practice pool, one for a `portal` for those that have one
    of their own.
    """

    kind: Kind
    code: str
    text: str
    sentence: str
    hint: str
    defaults: bool = False
    practice: bool = False
    portal: bool = False
    of: str = ""

    def fits(self, code: str, text: str, operation: str) -> bool:
        """Whether this row is for the failure, whatever the connection."""
        refused = not self.of or re.fullmatch(self.of, operation)
        return bool(refused and re.fullmatch(self.code, code) and re.search(self.text, text))
