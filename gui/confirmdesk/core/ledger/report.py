"""Results as a table for spreadsheets, which opens right in each of them and runs in none."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime, tzinfo

from confirmdesk.core.sending.results import Result
from confirmdesk.core.text import UNSEEN, mark_of

HEADINGS = (
    "Username",
    "E-mail",
    "Phone",
    "Name",
    "Outcome",
    "Cause",
    "Advice",
    "Channel",
    "Sent to",
    "Time",
    "AWS answer",
    "AWS request ID",
    "Metadata keys",
)

# What makes a spreadsheet take a cell for a formula, or look at the next character: also full-width, small, raised and
# lowered ones, which some take for the plain ones.
_STARTS = r"=+\-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−\t\r\n"
# What a spreadsheet, or whoever cleans a list, takes off first: blanks, quotation marks, what nobody sees.
_PASSED_OVER = rf"[\s\x00-\x1f\x7f-\x9f\"'`´‘-‟‹›«»「-』＂＇{UNSEEN}]*"
_FORMULA = re.compile(f"{_PASSED_OVER}[{_STARTS}]")
# Where one might begin a cell, whichever of these the spreadsheet takes for a separator.
_BREAK = r"[,;\t\r\n\v\f\x85\u2028\u2029]"
_FORMULA_AFTER_BREAK = re.compile(f"{_BREAK}(?={_PASSED_OVER}[{_STARTS}])")
# The last cell of a line is followed by its end.
_BREAK_AT_THE_END = re.compile(f"{_BREAK}(?={_PASSED_OVER}$)")


def _mark(found: re.Match[str]) -> str:
    return mark_of(found.group())


def storable(text: str) -> str:
    r"""`text` as UTF-8 can carry it: half a character, which JSON can carry, is spelled as \ud83d."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def cell(text: str, is_last: bool = False) -> str:
    """`text` so that no cell begins with a formula, whether a spreadsheet splits at `,` `;` or a tab.

    An apostrophe comes before what would be one, phone numbers too; inside of it, where a separator or the end of a
    line leads to one, that becomes a visible mark. `is_last` for the last cell of a line.
    https://owasp.org/www-community/attacks/CSV_Injection
    """
    text = _FORMULA_AFTER_BREAK.sub(_mark, storable(text))
    if is_last:
        text = _BREAK_AT_THE_END.sub(_mark, text)
    return f"'{text}" if _FORMULA.match(text) else text


def results_csv(results: Iterable[Result], zone: tzinfo) -> str:
    """One line for each result, everything quoted; times in `zone` with their offset."""
    lines = io.StringIO()
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for result in results:
        *others, last = result_cells(result, zone)
        writer.writerow([*map(cell, others), cell(last, is_last=True)])
    return lines.getvalue()


def result_cells(result: Result, zone: tzinfo) -> tuple[str, ...]:
    """What stands under HEADINGS, word for word."""
    user, verdict, reply = result.recipient.user, result.verdict, result.reply
    return (
        user.username,
        user.email,
        user.phone,
        user.name,
        str(verdict.outcome),
        verdict.cause,
        verdict.advice,
        str(result.recipient.channel),
        reply.destination,
        datetime.fromtimestamp(result.at, zone).isoformat(" ", "seconds") if result.at else "",
        f"{reply.code}: {reply.text}" if reply.code else "",
        reply.request_id,
        " ".join(key for key, _ in result.recipient.request.metadata),
    )
