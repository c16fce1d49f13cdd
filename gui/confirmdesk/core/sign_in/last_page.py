"""The page that the browser ends on: by itself, without anything of the network, light and dark as the browser is."""

from html import escape

from confirmdesk.core.product import NAME

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>
:root {{ color-scheme: light dark; --window: #f6f7f9; --panel: #ffffff; --line: #e3e6ea; --text: #1a1d21;
--more: #5f6773; }}
@media (prefers-color-scheme: dark) {{
:root {{ --window: #1b1d21; --panel: #22252a; --line: #33373e; --text: #e7e9ec; --more: #9aa1ab; }}
}}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--window); color: var(--text);
font: 16px/1.5 system-ui, sans-serif; }}
main {{ margin: 16px; max-width: 440px; padding: 32px; background: var(--panel); border: 1px solid var(--line);
border-radius: 8px; }}
h1 {{ margin: 0 0 8px; font-size: 20px; font-weight: 600; }}
p {{ margin: 0; color: var(--more); }}
</style></head>
<body><main><h1>{heading}</h1><p>{text}</p></main></body></html>
"""


def signed_in_page() -> str:
    return _page("You are signed in", f"You can close this window and go back to {NAME}.")


def failed_page() -> str:
    return _page("You are not signed in", f"You can close this window. {NAME} says why, and what to do.")


def nothing_here_page() -> str:
    return _page(
        "There is nothing here", f"{NAME} waits at this address for the answer to a sign-in, and for nothing else."
    )


def _page(heading: str, text: str) -> str:
    return _PAGE.format(name=escape(NAME), heading=escape(heading), text=escape(text))
