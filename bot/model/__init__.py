"""The nouns of wirewatch as frozen values: read this first.

Every instant (`..._at`) is an aware UTC datetime. Ids are hashes of content, so that any machine can make them.
"""

from bot.model.deliveries import (
    Attempt,
    ChannelState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Detail,
    Lane,
    Meaning,
    Outcome,
    Pace,
    Settlement,
    Target,
    TargetState,
)
from bot.model.feeds import Document, Entry, EntryData, Feed, FeedState, Fetched, HostState, SourceKind, Validators
from bot.model.plans import Answer, EntryEdit, Identity, Memory, Plan, Question
from bot.model.rules import AlertPolicy, Evidence, Firing, Item, Level, Match, Raise, RuleHead
from bot.model.stories import Alert, AlertContent, Story

__all__ = [
    "Alert",
    "AlertContent",
    "AlertPolicy",
    "Answer",
    "Attempt",
    "ChannelState",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Detail",
    "Document",
    "Entry",
    "EntryData",
    "EntryEdit",
    "Evidence",
    "Feed",
    "FeedState",
    "Fetched",
    "Firing",
    "HostState",
    "Identity",
    "Item",
    "Lane",
    "Level",
    "Match",
    "Meaning",
    "Memory",
    "Outcome",
    "Pace",
    "Plan",
    "Question",
    "Raise",
    "RuleHead",
    "Settlement",
    "SourceKind",
    "Story",
    "Target",
    "TargetState",
    "Validators",
]
