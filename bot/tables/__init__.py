"""The word forms of the shipped rules, made by `python -m bot.tables`."""
