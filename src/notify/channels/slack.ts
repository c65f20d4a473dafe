import { truncate } from "../../base/text.ts";
import { blocksOf, type Message, titleOf } from "../message.ts";
import { type Channel, notTold, type SendDeps, send } from "./channel.ts";

/** docs.slack.dev/reference/block-kit/blocks: 50 blocks a message, 3,000 characters a section, 150 a header. */
const MOST_BLOCKS = 45;
const LONGEST_SECTION = 2900;
const LONGEST_HEADER = 150;

const ELSEWHERE = "the address may not be an incoming webhook's, or a proxy answered in Slack's place";

/** Slack parses nothing in plain text: no mention, no link, no markup of what a provider says. */
const plain = (text: string) => ({ type: "plain_text", text, emoji: false });

/** The top-level text is shown in notifications, and is markup: these three characters are all that means anything there. */
const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A message of Slack's incoming webhooks (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export function slackMessage(message: Message): unknown {
  const title = titleOf(message);
  const blocks = blocksOf(message);
  const shown = blocks.slice(0, MOST_BLOCKS);
  const rest = blocks.length - shown.length;
  return {
    text: escaped(title),
    unfurl_links: false,
    blocks: [
      { type: "header", text: plain(truncate(title, LONGEST_HEADER)) },
      ...shown.map((text) => ({ type: "section", text: plain(text.slice(0, LONGEST_SECTION)) })),
      ...(rest > 0 ? [{ type: "section", text: plain(`… and ${rest} more: see the log.`) }] : []),
    ],
  };
}

/** Slack, by an incoming webhook. @param url the webhook's, which is a secret */
export function slackChannel(url: string, deps: SendDeps): Channel {
  return {
    name: "slack",
    tell: async (message) => {
      const request = {
        method: "POST",
        url,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(slackMessage(message)),
      };
      const { status, text } = await send("Slack", request, deps);
      // What a proxy, or a page to sign in at, says with 200 reached nobody.
      if (status === 200 && text.trim() === "ok") return undefined;
      if (status === 200) throw notTold("Slack", "it answered 200, but not with Slack's `ok`", ELSEWHERE);
      const revoked = status === 403 || status === 404 || status === 410;
      throw notTold(
        "Slack",
        `it answered ${status}`,
        revoked ? "the webhook may have been revoked: make a new one" : undefined,
      );
    },
  };
}
