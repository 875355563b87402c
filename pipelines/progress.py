"""What a run says while it works: the assets' own messages, without Dagster's bookkeeping."""

import logging

import dagster as dg


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """The message as the asset wrote it; warnings and errors say that they are."""
        details = getattr(record, "dagster_meta", {})
        message = details.get("orig_message") or record.getMessage()
        lead = "" if record.levelno < logging.WARNING else f"{record.levelname}: "
        return f"  {lead}{message}"


def _said_by_an_asset(record: logging.LogRecord) -> bool:
    return not getattr(record, "dagster_meta", {}).get("dagster_event")


@dg.logger(config_schema=dg.Field(str, default_value="INFO", is_required=False))
def console(context: dg.InitLoggerContext) -> logging.Logger:
    """Logger of the terminal, from INFO on."""
    logger = logging.Logger("cci", level=str(context.logger_config))
    handler = logging.StreamHandler()
    handler.setFormatter(_Plain())
    handler.addFilter(_said_by_an_asset)  # what failed, and why, is told once, at the end
    logger.addHandler(handler)
    return logger
