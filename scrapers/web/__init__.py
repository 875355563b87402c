"""The crawl of watched sites: from a list of sites, each of a declared family, to articles and verdicts.

Three processes: the caller's, which plans and judges; Scrapy's, which asks and remembers but never looks
into a page; and one that does, and may break doing so. Nothing but articles, from which people are
already left out, is written.
"""
