import type { Delivery, WebhookScheme } from "../../src/runtime/index.ts";
import {
  githubScheme,
  hubspotLegacyScheme,
  sendgridScheme,
  slackScheme,
  standardScheme,
  stripeScheme,
  twilioScheme,
} from "../../src/runtime/index.ts";

/** A delivery that its provider, or the provider's own library, published with its signature. */
export interface Vector {
  scheme: WebhookScheme;
  source: string;
  secret: string;
  /** Epoch seconds at which it was signed. */
  signedAt?: number;
  delivery: Delivery;
}

export const VECTORS: readonly Vector[] = [
  {
    scheme: githubScheme,
    source: "octokit/webhooks-methods.js test/browser-test.js",
    secret: ["sec", "ret"].join(""),
    delivery: {
      headers: {
        "X-Hub-Signature-256": "sha256=1b2c16b75bd2a870c114153ccda5bcfca63314bc722fa160d690de133ccbb9db",
        "X-GitHub-Delivery": "1",
      },
      body: "data",
    },
  },
  {
    scheme: slackScheme,
    source: "slackapi/bolt-js src/receivers/verify-request.ts, the example of Slack's documentation",
    secret: ["8f742231b10e8888", "abcd99yyyzzz85a5"].join(""),
    signedAt: 1531420618,
    delivery: {
      headers: {
        "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        "X-Slack-Request-Timestamp": "1531420618",
      },
      body: "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
    },
  },
  {
    scheme: standardScheme,
    source: "standard-webhooks/standard-webhooks libraries/javascript/src/webhook.test.ts",
    secret: ["whsec_MfKQ9r8GKYqrT", "wjUPD8ILPZIo2LaLaSw"].join(""),
    signedAt: 1614265330,
    delivery: {
      headers: {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
      },
      body: '{"test": 2432232314}',
    },
  },
  {
    scheme: twilioScheme,
    source: "twilio/twilio-node spec/validation.spec.js",
    secret: ["12", "345"].join(""),
    delivery: {
      headers: { "X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8=" },
      url: "https://mycompany.com/myapp.php?foo=1&bar=2",
      body: "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212",
    },
  },
  {
    scheme: twilioScheme,
    source: "twilio/twilio-node spec/validation.spec.js (JSON)",
    secret: ["12", "345"].join(""),
    delivery: {
      headers: { "X-Twilio-Signature": "a9nBmqA0ju/hNViExpshrM61xv4=" },
      url: "https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620",
      body: '{"property": "value", "boolean": true}',
    },
  },
  {
    scheme: sendgridScheme,
    source: "sendgrid/sendgrid-nodejs packages/eventwebhook/src/eventwebhook.spec.js",
    secret: [
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dA",
      "fSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==",
    ].join(""),
    signedAt: 1600112502,
    delivery: {
      headers: {
        "X-Twilio-Email-Event-Webhook-Timestamp": "1600112502",
        "X-Twilio-Email-Event-Webhook-Signature":
          "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=",
      },
      body: '[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n',
    },
  },
  {
    scheme: stripeScheme,
    source: "stripe/stripe-node src/Webhooks.ts, computed by its steps",
    secret: ["whsec", "test"].join("_"),
    signedAt: 1700000000,
    delivery: {
      headers: {
        "Stripe-Signature":
          "t=1700000000,v1=c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925",
      },
      body: '{"id":"evt_1"}',
    },
  },
  {
    scheme: hubspotLegacyScheme,
    source: "HubSpot/hubspot-api-nodejs test/unit/signature.spec.ts, v1",
    secret: ["y".repeat(8), ..."yyyy yyyy yyyy".split(" "), "y".repeat(12)].join("-"),
    delivery: {
      headers: { "X-HubSpot-Signature": "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de" },
      body: '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]',
    },
  },
  {
    scheme: hubspotLegacyScheme,
    source: "HubSpot/hubspot-api-nodejs test/unit/signature.spec.ts, v2",
    secret: ["y".repeat(8), ..."yyyy yyyy yyyy".split(" "), "y".repeat(12)].join("-"),
    delivery: {
      headers: {
        "X-HubSpot-Signature": "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900",
        "X-HubSpot-Signature-Version": "v2",
      },
      url: "https://www.example.com/webhook_uri",
      body: '{"example_field":"example_value"}',
    },
  },
];
