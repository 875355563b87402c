"""What a scorecard's panel for trying other values starts from (`what_if.html.j2`)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What the city has now; the rest is in the data of its class.

    Attributes:
        city_code: code of the city.
        city_class: its class.
        data: folder of the data that scripts read.
        own: of each leaf in the edition's order the value, the points and whether they count, as JSON.
        of: how many cities the class has, in words.
    """

    city_code: str
    city_class: str
    data: str
    own: str
    of: str
