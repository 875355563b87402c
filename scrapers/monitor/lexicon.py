"""Which words of the lexica a text holds, all of them in one pass."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from ahocorasick_rs import AhoCorasick

_FOLDER: Final = files("scrapers.monitor")


class Lexicon:
    """Words by cue, such as 价格法, 哄抬 by `pricing.decisive`; a word may stand under several cues."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        """Builds the automaton.

        Args:
            words: by cue.
        """
        self.cues: Final = tuple(sorted(words))
        cues_of: dict[str, list[str]] = defaultdict(list)
        for cue in self.cues:
            for word in dict.fromkeys(words[cue]):
                cues_of[word].append(cue)
        self._words = list(cues_of)
        self._cues = [tuple(cues_of[word]) for word in self._words]
        self._automaton = AhoCorasick(self._words)

    def find(self, text: str) -> dict[str, dict[str, int]]:
        """Words found in a text, with how often, by cue; words inside words count too."""
        counts: dict[int, int] = defaultdict(int)
        for word, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
            counts[word] += 1
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for word, count in counts.items():
            for cue in self._cues[word]:
                found[cue][self._words[word]] = count
        return found


@cache
def lexicon() -> Lexicon:
    """The lexica of kinds (`kind.<cue>`) and of fields (`<field>.<cue>`), one automaton."""
    kinds = tomllib.loads((_FOLDER / "kinds.toml").read_text("utf-8"))["cues"]
    fields = tomllib.loads((_FOLDER / "fields.toml").read_text("utf-8"))
    return Lexicon(
        {
            **{f"kind.{cue}": words for cue, words in kinds.items()},
            **{
                f"{field}.{cue}": words
                for field, cues in fields.items()
                for cue, words in cues.items()
            },
        }
    )
