"""Initials of Chinese names from their pinyin: `hangzhou` of two syllables is `hz`."""

import re
from functools import lru_cache

_SYLLABLE = re.compile(
    r"(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|"
    r"ue|ve|er|[aoeiuv])"
)
_LONGEST = 6


@lru_cache(maxsize=4096)
def initials(pinyin: str, syllables: int) -> list[str]:
    """Every way to say a name by its initials.

    Args:
        pinyin: letters without tones or spaces.
        syllables: how many characters it spells.

    Returns:
        None where it cannot be so many syllables; more than one where it can be cut in several ways.
    """
    return sorted(set(_cuts(pinyin, syllables)))


def _cuts(letters: str, syllables: int) -> list[str]:
    if syllables == 0:
        return [] if letters else [""]
    return [
        letters[0] + rest
        for end in range(1, min(_LONGEST, len(letters)) + 1)
        if _SYLLABLE.fullmatch(letters[:end])
        for rest in _cuts(letters[end:], syllables - 1)
    ]
