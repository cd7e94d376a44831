"""config.yaml as one frozen value: `load_config` is the way in."""

from bot.config.lists import ChannelConfig
from bot.config.load import Config, load_config

__all__ = ["ChannelConfig", "Config", "load_config"]
