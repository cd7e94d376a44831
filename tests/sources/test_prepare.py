"""What a body is: a feed, wherever it begins and ends, or the reason why it is none."""

from __future__ import annotations

import pytest

from bot.errors import TransientError
from bot.sources.mend import mend_references
from bot.sources.prepare import prepare
from tests.feedserver import Reply, rss
from tests.sources.given import after, ask, failure, item, parsed

FEED = rss("Troops march").decode()
PAGE = "<!DOCTYPE html><html><head><title>Log in</title></head><body><form>Password</form></body></html>"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param("", "the reply is empty", id="nothing"),
        pytest.param(" \r\n\t", "the reply is empty", id="spaces"),
        pytest.param("\x00\x00\x00", "the reply is empty", id="nuls"),
        pytest.param("\ufeff", "the reply is empty", id="bom"),
        pytest.param(PAGE, "an HTML page came", id="login-page"),
        pytest.param("\n<HTML lang='en'><BODY>Welcome to Hotel Alder</BODY></HTML>", "an HTML page came", id="portal"),
        pytest.param("<head></head>", "an HTML page came", id="head-only"),
        pytest.param(PAGE.replace("Password", FEED), "an HTML page came", id="page-around-a-feed"),
        pytest.param(f"<!-- {FEED} -->{PAGE}", "an HTML page came", id="page-after-a-commented-feed"),
        pytest.param("Too many requests", "the reply is neither XML nor JSON", id="words"),
        pytest.param("<?xml version='1.0'?><error>busy</error>", "the document begins with <error>", id="error"),
        pytest.param("<opml version='2.0'/>", "the document begins with <opml>", id="opml"),
        pytest.param("<sitemapindex><x/></sitemapindex>", "the document begins with <sitemapindex>", id="sitemap"),
        pytest.param(f"<!-- {FEED}", "the document begins with <rss>", id="commented-out"),
        pytest.param(" " * 70_000 + "x" * 70_000 + FEED, "neither XML nor JSON", id="far-behind"),
        pytest.param("{", "broken JSON", id="half-json"),
        pytest.param('{"version": "https://jsonfeed.org/version/1", "items": [', "broken JSON", id="json-cut-off"),
        pytest.param('{"a":' * 100_000, "broken JSON", id="json-nested-deep"),
        pytest.param('{"n": %s}' % ("9" * 5_000), "broken JSON", id="json-with-a-long-number"),
        pytest.param('{"error": "busy"}', "JSON that is no JSON Feed", id="json-error"),
        pytest.param('{"version": "2.0", "items": []}', "JSON that is no JSON Feed", id="json-of-another-kind"),
        pytest.param('{"version": "https://jsonfeed.org/version/1"}', "JSON that is no JSON Feed", id="json-no-items"),
        pytest.param("<rdf:RDF><x></rdf:RDF>", "no parser finds one", id="rdf-of-another-kind"),
    ],
)
def test_what_is_no_feed_says_why(body, reason):
    with pytest.raises(TransientError, match=reason):
        parsed(body)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(FEED, id="plain"),
        pytest.param(f"<!-- not <html> but a feed -->{FEED}", id="comment-about-html"),
        pytest.param(f"<!-- <rss> -->{FEED}", id="comment-about-rss"),
        pytest.param(f"<?php echo 1 ?>\nNotice: cache is old\n{FEED}", id="warning-before"),
        pytest.param(f"{FEED}<script>track()</script><!-- cached", id="rubbish-behind"),
        pytest.param(f"<!DOCTYPE rss PUBLIC '-//X//DTD RSS 0.91//EN' 'https://x.example/rss.dtd'>{FEED}", id="doctype"),
        pytest.param(f"{FEED}{FEED}", id="twice"),
        pytest.param(FEED.replace("rss", "RSS"), id="capitals"),
        pytest.param(FEED.replace("<channel>", "").replace("</channel>", ""), id="no-channel"),
        pytest.param(FEED.replace("<rss", "<x:rss xmlns:x='urn:x'").replace("/rss", "/x:rss"), id="prefix"),
        pytest.param("x" * 60_000 + FEED, id="late"),
        pytest.param(FEED.replace("</channel></rss>", ""), id="end-missing"),
        pytest.param(FEED.replace("</channel></rss>", "<item><title>Half an it"), id="cut-off-in-an-item"),
        pytest.param(FEED.replace("</channel></rss>", "<item><title><![CDATA[Half"), id="cut-off-in-cdata"),
        pytest.param(FEED.replace("</channel>", ""), id="channel-left-open"),
        pytest.param(FEED.replace("<link>", "<p>").replace("</link>", "</b>"), id="tags-crossed"),
    ],
)
def test_a_feed_is_found(body):
    assert parsed(body).entries[0].title == "Troops march"


def test_a_cut_off_document_keeps_its_whole_entries():
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a</title></entry><entry><title>b</title></entry>'
    assert [entry.title for entry in parsed(f"{atom}<entry><title>c").entries] == ["a", "b"]
    prepared = prepare(f"{atom}<entry><ti".encode())
    assert prepared.cut_off
    assert prepared.data.endswith(b"<title>b</title></entry></feed>")
    assert not prepare(FEED.encode()).cut_off


def test_a_cut_off_document_without_a_whole_entry_is_read_as_far_as_it_goes():
    assert parsed("<rss><channel><title>The Herald</title><item><title>Troops mar").title == "The Herald"


def test_a_missing_end_is_an_error_where_all_that_was_promised_came():
    body = FEED.removesuffix("</channel></rss>")
    with pytest.raises(TransientError, match="end is missing"):
        parsed(body, whole=True)
    assert parsed("<rss version='2.0'/>".replace("<rss", "<rss "), whole=True).entries == ()


@pytest.mark.parametrize("body", [b"", PAGE.encode(), b"{}", b"<rss><channel><item>"], ids=["", "page", "json", "cut"])
async def test_a_bad_reply_doesnt_touch_what_is_known(server, source, body):
    server.routes["/rss"] = [Reply(FEED.encode()), Reply(body)]
    known = after(await ask(source, server.url("/rss")))
    assert isinstance(await failure(source, server.url("/rss"), known), TransientError)


async def test_a_feed_without_items_is_a_feed(server, source):
    server.routes["/rss"] = Reply(rss())
    fetched = await ask(source, server.url("/rss"))
    assert fetched.document is not None
    assert (fetched.document.title, fetched.document.entries) == ("The Herald", ())


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("AT&T", "AT&amp;T"),
        ("a && b &", "a &amp;&amp; b &amp;"),
        ("&amp; &lt; &#65; &#x41;", "&amp; &lt; &#65; &#x41;"),
        ("&eacute;&nbsp;", "&#233;&#160;"),
        ("&NotEqualTilde;", "&#8770;&#824;"),
        ("&nosuch; &eacute", "&amp;nosuch; &amp;eacute"),
        ("&#0;&#8;&#x1F;&#xFFFE;", ""),
        ("<![CDATA[a & b]]> & <!-- & --> &", "<![CDATA[a & b]]> &amp; <!-- & --> &amp;"),
        ("<![CDATA[a & b", "<![CDATA[a & b"),
    ],
)
def test_references_are_mended(written, mended):
    assert mend_references(written.encode()).decode() == mended


def test_a_flood_of_ampersands_is_left_alone():
    flood = b"&" * 20_001
    assert mend_references(flood) is flood


def test_the_doctypes_entities_are_gone_before_any_parser():
    body = f"<!DOCTYPE rss [<!ENTITY x 'y'>]>{item('<title>&x;</title>')}"
    assert b"DOCTYPE" not in prepare(body.encode()).data
    assert parsed(body).entries[0].title == "&x;"
