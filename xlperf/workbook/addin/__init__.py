"""The ribbon add-in `xlperf.xlam`: put together from `macros/`, and told its settings when it is installed."""

from xlperf.workbook.addin.assemble import assemble, build
from xlperf.workbook.addin.settings import Settings, code_sha256, is_as_written, read_settings, write_settings

__all__ = ["Settings", "assemble", "build", "code_sha256", "is_as_written", "read_settings", "write_settings"]
