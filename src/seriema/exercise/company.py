"""Who stands on one stage: an organisation with its people and gateway, and the partners whose accounts get stolen."""

from dataclasses import dataclass

from seriema.exercise.cast import Cast, Organisation, Person
from seriema.exercise.figures import STEPPING_STONE, Scene
from seriema.exercise.route import Gateway

EMPLOYEES = 8
HELP_DESKS = {"en": "IT Support", "es": "Soporte IT", "fr": "Support informatique", "ja": "情報システム部"}


@dataclass(frozen=True, slots=True)
class Company:
    """The organisation whose mailbox is written, and the accounts that were stolen, as the scene numbers them."""

    gateway: Gateway
    employees: tuple[Person, ...]
    help_desk: Person
    accounts: tuple[Person, ...]

    @property
    def own(self) -> Organisation:
        """The organisation."""
        return self.gateway.organisation


def company(cast: Cast, scene: Scene, stepping_stone: Person) -> Company:
    """Draws everybody. A provider has several organisations behind its gateway, each with its people."""
    own = cast.organisation(scene.trade, scene.language)
    homes = [own] if scene.domains == 1 else [cast.organisation("health", scene.language) for _ in range(scene.domains)]
    gateway = Gateway(own, tuple(dict.fromkeys((own.domain, *(home.domain for home in homes)))))
    employees = tuple(cast.person(homes[number % len(homes)]) for number in range(max(EMPLOYEES, len(homes) * 2)))
    help_desk = cast.machine(HELP_DESKS[scene.language], "helpdesk", own)
    return Company(gateway, employees, help_desk, tuple(_accounts(cast, scene, stepping_stone)))


def _accounts(cast: Cast, scene: Scene, stepping_stone: Person) -> list[Person]:
    """One account each; the stepping stone's firm is one firm in every scene, a second account there is a colleague."""
    found: list[Person] = []
    for trade, language in scene.accounts:
        if (trade, language) != STEPPING_STONE:
            found.append(cast.person(cast.organisation(trade, language)))
        elif stepping_stone in found:
            found.append(cast.person(stepping_stone.organisation))
        else:
            found.append(stepping_stone)
    return found
