"""What the product is called, everywhere the same."""

NAME = "Confirmdesk"
COMMAND = "confirmdesk"
# Desktop entry, AppStream metainfo, window class and keyring service carry this one id.
APP_ID = "io.github.confirmdesk.Confirmdesk"


def product_version() -> str:
    """The installed version; "0+source" when run from a tree that nobody installed."""
    # Slow to import, and no window needs it before it is painted.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(COMMAND)
    except PackageNotFoundError:
        return "0+source"
