"""Which words of the lexica a text holds, all of them in one pass."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind

_FOLDER: Final = files("scrapers.monitor")


class Lexicon:
    """Words by cue, such as 价格法, 哄抬 by `pricing.decisive`; a word may stand under several cues."""

    def __init__(self, words: Mapping[str, Sequence[str]], *, apart: bool = False) -> None:
        """Builds the automaton.

        Args:
            words: by cue.
            apart: whether of words that overlap only the first, and of those the longest, is found:
                电子商务 in 电子商务领域, not 商务领域 too.
        """
        self.cues: Final = tuple(sorted(words))
        cues_of: dict[str, list[str]] = defaultdict(list)
        for cue in self.cues:
            for word in dict.fromkeys(words[cue]):
                cues_of[word].append(cue)
        self._words = list(cues_of)
        self._cues = [tuple(cues_of[word]) for word in self._words]
        self._overlapping = not apart
        kind = MatchKind.LeftmostLongest if apart else MatchKind.Standard
        self._automaton = AhoCorasick(self._words, matchkind=kind)

    def find(self, text: str) -> dict[str, dict[str, int]]:
        """Words found in a text, with how often, by cue; unless `apart`, words inside words count too."""
        counts: dict[int, int] = defaultdict(int)
        found_at = self._automaton.find_matches_as_indexes(text, overlapping=self._overlapping)
        for word, _, _ in found_at:
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
    return Lexicon(
        {
            **{f"kind.{cue}": words for cue, words in kinds.items()},
            **{
                f"{field}.{cue}": words
                for field, cues in _fields().items()
                for cue, words in cues.items()
            },
        }
    )


@cache
def scopes() -> Lexicon:
    """Words by which a rule says what it covers, by field."""
    return Lexicon({field: cues["scope"] for field, cues in _fields().items()}, apart=True)


@cache
def breaches() -> Lexicon:
    """Words that name breaches, by field."""
    return Lexicon({field: cues["decisive"] for field, cues in _fields().items()})


@cache
def _fields() -> Mapping[str, Mapping[str, Sequence[str]]]:
    return tomllib.loads((_FOLDER / "fields.toml").read_text("utf-8"))
