"""Edition files as texts that somebody writes in: a new draft from another, and a draft made final.

Comments and layout are kept; tomlkit sees to that.
"""

import tomlkit


def draft(text: str, edition_id: str) -> str:
    """A copy of an edition's text as the first draft of another one.

    Only what must differ is changed: id, revision, status and titles.
    """
    document = tomlkit.parse(text)
    old = document["id"]
    document.pop("frozen", None)
    document["id"] = edition_id
    document["revision"] = 1
    document["status"] = "draft"
    document["title_zh"] = f"{document['title_zh']}，修订稿 {edition_id}"
    document["title_en"] = f"{document['title_en']}, revised: {edition_id}"
    return f"# Drafted from {old}, whose comments follow.\n#\n{tomlkit.dumps(document)}"


def final(text: str, revision: int, substance: str) -> str:
    """An edition's text with its status final, and a record of what it says at its end."""
    document = tomlkit.parse(text)
    document.pop("frozen", None)
    document["status"] = "final"
    record = tomlkit.table()
    record.update({"revision": revision, "sha256": substance})
    document["frozen"] = record
    return tomlkit.dumps(document)
