"""What editors say of each key of config.yaml: the first sentence of its line in docs/configuration.md.

An option of a channel brings its own sentence along, as the `description` of its field.
"""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "store": "The one file with everything that wirewatch remembers.",
    "rules": "The folder with the rules.",
    "timezone": "The zone of the times in alerts.",
    "operator": "Where wirewatch tells of its own troubles.",
    "poll": "How feeds are asked for news.",
    "poll.every": "How often each feed is asked.",
    "poll.host_gap": "The least time between two requests to one host, whatever the number of its feeds.",
    "poll.hosts": "Hosts with a gap of their own; a name covers its subdomains, the longest name wins.",
    "poll.hosts.NAME": "The least time between two requests to this host.",
    "poll.at_once": "Requests under way at the same time over all hosts (one a host in any case).",
    "poll.longest_wait": "A feed that fails is asked after twice the wait each time, up to this, and never given up: "
    "feeds come back.",
    "poll.host_hold": 'How long a host that says "too many requests" without saying until when is left alone; it '
    "doubles.",
    "poll.longest_host_hold": "The longest a host may ask to be left alone.",
    "poll.earlier": "At the first run on an empty store the console shows, marked as earlier, what this span would "
    "have raised.",
    "poll.allow_private": "Hosts that may be asked though they have a private address.",
    "poll.user_agent": "What wirewatch calls itself to websites.",
    "delivery": "How alerts are sent, and sent again.",
    "delivery.hold": "The wait after an attempt of which nobody knows whether it arrived.",
    "delivery.first_retry": "The wait after the first attempt that surely did not arrive.",
    "delivery.longest_retry": "The longest wait between two attempts that surely did not arrive.",
    "delivery.drain": "How long requests under way may take to end when wirewatch is stopped.",
    "retention": "How long things are remembered.",
    "retention.text": "How long entries are kept with their texts.",
    "retention.ids": "How long it is remembered that an entry was seen after it left its feed.",
    "telegram": "What all Telegram channels share.",
    "telegram.base_url": "Where the Bot API answers: Telegram's, or a Bot API server of your own.",
    "log": "What wirewatch writes about itself.",
    "log.level": "From where on lines are written.",
    "log.format": "For people, or for programs that collect logs.",
    "channels": "Where alerts can go: a map of ids.",
    "channels.ID": "A channel; its id is what routes name.",
    "channels.console": "The terminal; it is always there, declared or not.",
    "channels.ID.kind": "What stands behind the channel.",
    "routes": "Which alert goes where: a list, read from top to bottom.",
    "routes.to": "Where the alert goes.",
    "routes.also": "Whether the lines below are read too.",
    "routes.if": "What an alert must be; all of it must hold.",
    "routes.if.level": "This level or a louder one.",
    "routes.if.tags": "Any of these tags of the rule.",
    "routes.if.rule": "Any of these rules, by id.",
    "feeds": "A list; one line (or two) a feed.",
    "feeds.id": "What the store knows the feed by.",
    "feeds.url": "Where the feed is.",
    "feeds.name": "What alerts call it.",
    "feeds.owner": "Who stands behind it.",
    "feeds.kind": "What it is: a news agency, a medium, an authority's own feed, a medium whose line a government "
    "sets, or a collection of others' work.",
    "feeds.language": "The language of its entries where they don't say.",
    "feeds.country": "The country that it is a home paper of: where an entry names no country, rules take this one "
    "for the place (`<country:UA as place>`).",
    "feeds.tags": "Words of your own to sort feeds by.",
    "feeds.every": "How often this feed is asked.",
}
