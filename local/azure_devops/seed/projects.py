"""The team projects: names, processes, teams."""

from local.azure_devops.model import BugsBehavior, Project, Team
from local.azure_devops.seed import nodes, processes
from local.azure_devops.seed.guids import guid

AGILE = "Contoso Retail"
SCRUM = "Fabrikam Fiber"
BASIC = "Adventure Works"
CMMI = "R&D Größe"
INHERITED = "Northwind Portfolio"
EMPTY = "Empty Project"


def projects() -> list[Project]:
    """One project per process, an inherited one with a level above Epic, and one without work items."""
    made = nodes.Nodes()
    return [
        _project(made, AGILE, "Shops and checkout", processes.AGILE),
        _project(made, SCRUM, "Glass fibre roll-out", processes.SCRUM),
        _project(made, BASIC, "", processes.BASIC),
        _project(made, CMMI, "Regulierte Geräte – Prüfung & Zulassung", processes.CMMI),
        _project(made, INHERITED, "Portfolio with initiatives", processes.INHERITED),
        _project(made, EMPTY, "Nobody has planned anything here yet", processes.AGILE),
    ]


def _project(made: nodes.Nodes, name: str, description: str, process_id: str) -> Project:
    areas, iterations = nodes.areas(made, name), nodes.iterations(made, name)
    return Project(guid("project", name), name, description, process_id, areas, iterations, _teams(name))


def _teams(project: str) -> list[Team]:
    """Bugs are planned differently by each team; the default team comes first."""
    if project == BASIC:
        return [_team(project, f"{project} Team", "off", project)]
    return [
        _team(project, f"{project} Team", "asRequirements", project),
        _team(project, "Checkout", "asTasks", f"{project}\\Web & Mobile\\Checkout"),
        _team(project, "Betrieb & Ops", "off", f"{project}\\Größe ⚙"),
    ]


def _team(project: str, name: str, bugs: BugsBehavior, area: str) -> Team:
    return Team(guid("team", f"{project}/{name}"), name, bugs, area)
