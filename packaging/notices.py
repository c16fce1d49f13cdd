"""THIRD-PARTY.txt: what ships with the program and under which licences, for people."""

from collections.abc import Sequence
from pathlib import Path

from components import Component
from project import Project

# Where the program looks for it, below its package.
PLACE = Path("resources", "licences", "THIRD-PARTY.txt")
RULE = "=" * 100


def write(project: Project, components: Sequence[Component], out: Path) -> None:
    """Write the table of `components` and each licence text once to the file `out`."""
    out.parent.mkdir(parents=True, exist_ok=True)
    head = (
        f"{project.name} {project.version} itself is under the MIT licence. It ships with the components below,\n"
        "unchanged, each under its own licence. The texts follow the table.\n"
    )
    out.write_text("\n".join([head, _table(components), *_texts(components)]), encoding="utf-8", newline="\n")


def _table(components: Sequence[Component]) -> str:
    rows = [("Component", "Version", "Licence"), *((c.name, c.version, licence_of(c)) for c in components)]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    return "".join(f"{name:<{widths[0]}}  {version:<{widths[1]}}  {licence}\n" for name, version, licence in rows)


def licence_of(component: Component) -> str:
    """The licence in a few words; Debian's copyright files cannot be told in one."""
    return "see its text" if component.licence.startswith("LicenseRef-") else component.licence


def _texts(components: Sequence[Component]) -> list[str]:
    owners: dict[str, list[str]] = {}
    for component in components:
        for text in component.texts:
            owners.setdefault(text.strip(), []).append(component.name)
    return [f"{RULE}\n{', '.join(dict.fromkeys(names))}\n{RULE}\n\n{text}\n" for text, names in owners.items()]
