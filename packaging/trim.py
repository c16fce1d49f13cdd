"""What ships and what does not: one set of rules for all systems. `packaging/scan.py` looks whether they held.

Paths are those of a site directory, with forward slashes.
"""

import re

# What the program calls, and what botocore calls for it: users, identity, and the ways to sign in.
AWS_SERVICES = ("cognito-idp", "sts", "sso", "sso-oidc", "signin")

# moto's server imports these whatever it serves; all else of moto is some other service.
MOTO = ("cloudwatch", "cognitoidp", "core", "events", "iam", "moto_api", "moto_server", "s3", "sts", "utilities")

# Widgets, SVG for the icons, and of Qt's network what it knows of the system's proxy: boto3 has a network of its own,
# so no plugin for TLS, and on Linux none of it (pyinstaller/confirmdesk.spec). Nothing is printed, played or kept in
# Qt's databases.
QT_MODULES = ("QtCore", "QtGui", "QtNetwork", "QtWidgets")
QT_LIBRARIES = ("Core", "DBus", "Gui", "Network", "OpenGL", "Svg", "WaylandClient", "Widgets", "XcbQpa")
QT_PLUGINS = (
    r"iconengines/(lib)?qsvgicon\b.*",
    r"imageformats/(lib)?q(ico|svg)\b.*",
    r"platforminputcontexts/lib(compose|ibus)platforminputcontextplugin\b.*",
    r"platforms/(lib)?q(cocoa|offscreen|wayland|windows|xcb)\b.*",
    r"platformthemes/libqxdgdesktopportal\b.*",
    r"styles/(lib)?q(mac|modernwindows)style\b.*",
    r"wayland-decoration-client/.*",
    r"wayland-graphics-integration-client/.*",
    r"wayland-shell-integration/lib(xdg|qt)-shell\b.*",
    r"xcbglintegrations/.*",
)

_KEPT = (
    # Endpoints, partitions, retries; then whole services.
    rf"botocore/data/([\w.-]+\.json|({'|'.join(AWS_SERVICES)})/(?!.*/examples-).*)",
    r"botocore/(cacert\.pem|[\w/]+\.pyc?)",
    r"boto3/[\w/]+\.pyc?",
    rf"moto/((\w+\.py)|({'|'.join(MOTO)})/.*)",
    rf"PySide6/(__init__|_config|_git_pyside_version)\.py|PySide6/({'|'.join(QT_MODULES)})\..*(?<!\.pyi)",
    r"PySide6/(lib)?pyside6\.abi3\..*(?<!\.lib)|PySide6/Qt/lib/libicu\w+\..*",
    # The libraries, and not the bindings of the same name, which on Windows lie beside them.
    rf"PySide6/(Qt/lib/(lib)?Qt6?|Qt6)({'|'.join(QT_LIBRARIES)})\b.*",
    rf"PySide6/(Qt/)?plugins/({'|'.join(QT_PLUGINS)})",
    r"shiboken6/(?!.*\.(pyi|h|lib|cmake|typed)$).*",
)
_JUDGED = re.compile(r"(botocore|boto3|moto|PySide6|shiboken6)/.*")
_SHIPS = re.compile("|".join(f"(?:{rule})" for rule in _KEPT))
# Versions are told by METADATA, backends found by entry_points.txt; the rest of a *.dist-info says where and how it was
# built. A C parser for YAML, which nothing of ours parses; tests, type stubs and headers of the others.
_DROPPED = re.compile(
    r"[^/]+\.dist-info/(?!METADATA$|entry_points\.txt$|(licen[cs]es/.*|(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)$).*|"
    r"yaml/_yaml\..*|(.*/)?(tests?|testing|__pycache__|include|examples)/.*|.*\.(pyi|pyx|pxd|c|h|lib|pdb|typed)|bin/.*"
)


def ships(path: str) -> bool:
    """Whether the file at `path` is part of a package."""
    if _JUDGED.fullmatch(path):
        return _SHIPS.fullmatch(path) is not None
    return not _DROPPED.fullmatch(path)
