"""Settings: ``.paa.config`` → a frozen Config, every fault reported at once."""

from paa.config.load import is_feed_file, load_config, parse_config
from paa.config.settings import CONFIG_FILE, Config, default_config

__all__ = ["CONFIG_FILE", "Config", "default_config", "is_feed_file", "load_config", "parse_config"]
