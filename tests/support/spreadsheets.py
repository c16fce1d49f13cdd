"""Names that would run in a spreadsheet, and what a real one makes of a file."""

import subprocess
from pathlib import Path

from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import Reply
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.core.sending.results import Result

HOSTILE = [
    '=HYPERLINK("https://example.com")',
    "+447700900112",
    "-1+1",
    "@SUM(A1)",
    "\tcell",
    "\rcell",
    'he said "hi", then\nleft',
    "<img src=x onerror=alert(1)>",
    "\u202egnp.exe",
    "😀" * 1024,
    "x" * 2048,
    "＝1+1",
    " =1+1",
    "\u200b=1+1",
]
# Formulas once somebody splits at another character than the comma.
SPLIT = ["x;=1+1;y", "x\t=1+1\ty", "x\n=1+1", 'x;"=1+1";y', "x; =1+1", '"a;=1+1;"@example.com', "x;\n=1+1", "x;"]


def result_for(name: str, key: str = "ticket") -> Result:
    """Jane's, called `name`, with one field of client metadata."""
    user = make_user("u-1", 0, True, "UNCONFIRMED", [("email", "jane@example.com"), ("name", name)])
    [recipient] = make_plan([user], [(key, "4711")], None).recipients
    reply = Reply(status=200, destination="j***@e***", medium="EMAIL", request_id="r-1")
    return Result(recipient, judge(reply, user), reply, at=1_700_000_000.0)


def opened_by_libreoffice(file: Path, *options: str) -> str:
    """`file` as LibreOffice's own flat XML, in which a formula is an attribute of its cell."""
    home = f"-env:UserInstallation=file://{file.parent}/libreoffice"
    command = ["soffice", home, "--headless", *options, "--convert-to", "fods", "--outdir", str(file.parent), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return file.with_suffix(".fods").read_text("utf-8")
