"""Where documents come from: guarded, bounded HTTP, and the parsing of what it brings."""
