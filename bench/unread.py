"""An article without reading: for measuring the crawl apart from what makes articles of pages."""

from scrapers.monitor.shapes import Article, Page


def extract(page: Page) -> Article:
    """The page's first characters, unread."""
    return Article(page.url, page.url, (), "", None, (page.html[:200],))
