"""The rule language, pure: text in, firings with their words out."""
