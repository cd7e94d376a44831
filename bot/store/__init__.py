"""The store: what must survive a crash, in one SQLite file."""

from bot.store.archive import Archived
from bot.store.desk import Counts
from bot.store.lock import service_lock
from bot.store.retention import Keep, Pruned
from bot.store.search import Found
from bot.store.store import Store

__all__ = ["Archived", "Counts", "Found", "Keep", "Pruned", "Store", "service_lock"]
