"""What the site says of the installation itself, for downloads: sources and what they bring, editions."""

import dataframely as dy

from warehouse.contracts import columns as c


class DeclaredSources(dy.Schema):
    """`sources`: every declared source, as its declaration has it."""

    source_id = dy.String(primary_key=True, description="Source, by the id of its declaration")
    title_zh = dy.String(description="Title in Chinese")
    title_en = dy.String(description="Title in English")
    publisher_zh = dy.String(description="Who publishes it, in Chinese")
    publisher_en = dy.String(description="Who publishes it, in English")
    kind = dy.String(description="Kind of source, as measures name it")
    format = dy.String(description="Form that its deliveries have")
    frequency = dy.String(description="monthly, half-yearly or once")
    due_day = dy.Int64(min=1, max=31, description="Day of the next month on which it is due")
    address = dy.String(description="Where it is fetched, or how it comes")
    access_zh = dy.String(description="Terms of access, in Chinese")
    access_en = dy.String(description="Terms of access, in English")
    personal_data = dy.Bool(description="Its files may hold personal data; these are not kept")
    history = dy.Bool(description="It serves past months")
    records_min = dy.Int64(min=0, description="Fewest records expected", metadata=c.unit("records"))
    records_max = dy.Int64(min=0, description="Most records expected", metadata=c.unit("records"))
    cities_min = dy.Int64(min=0, description="Fewest cities expected", metadata=c.unit("cities"))
    cities_max = dy.Int64(min=0, description="Most cities expected", metadata=c.unit("cities"))
    simulated = dy.Bool(description="True where the source is invented (sandbox)")


class SourceMeasures(dy.Schema):
    """`source-measures`: what each source may bring month by month, and what needs it."""

    source_id = c.source_id(primary_key=True)
    measure = dy.String(primary_key=True, description="Id of the measure")
    zh = dy.String(description="What it is, in Chinese")
    en = dy.String(description="What it is, in English")
    unit = dy.String(description="Unit of the measure's values")
    leaves = dy.String(description="Leaves of the current edition that need it, joined by |")


class SourceRecords(dy.Schema):
    """`source-records`: kinds of record in extracts, the columns that are kept, what is made of them."""

    source_id = c.source_id(primary_key=True)
    kind = dy.String(primary_key=True, description="Kind of record")
    kept = dy.String(description="Columns that are kept, joined by |")
    measures = dy.String(description="Measures that are made of it, joined by |")


class IndexProviders(dy.Schema):
    """`providers`: credit service providers, whose indexes are asked of each by itself."""

    provider = dy.String(primary_key=True, description="Id of the provider")
    zh = dy.String(description="Name in Chinese")
    en = dy.String(description="Name in English")
    address = dy.String(description="Where its index is asked")
    scale = dy.Float64(min=0, description="Best index that it gives")
    per_second = dy.Float64(min=0, description="Requests that it allows a second")


class EditionSubjects(dy.Schema):
    """`edition-subjects`: points by subject of every edition."""

    edition = c.edition()
    subject = dy.String(primary_key=True, description="Id of the subject, shared by all editions")
    zh = dy.String(description="Subject in Chinese")
    en = dy.String(description="Subject in English")
    general = dy.Bool(description="One of the four general areas, which the source adds up")
    points = c.points("Points of the subject's criteria")
    groups = dy.String(description="Numbers of the groups that the points are in, joined by |")
