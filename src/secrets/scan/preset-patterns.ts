import type { KeyPattern } from "./patterns.ts";

/**
 * What templates/presets/ say that keys look like, made from them: reading twenty documents at every scan would cost more
 * than looking through a thousand files.
 */
export const PRESET_PATTERNS: readonly KeyPattern[] = [
  {
    provider: "Anthropic",
    secret: "api_key",
    variable: "ANTHROPIC_API_KEY",
    pattern: "^sk-ant-",
  },
  {
    provider: "Datadog",
    secret: "api_key",
    variable: "DD_API_KEY",
    pattern: "^[0-9a-f]{32}$",
  },
  {
    provider: "Datadog",
    secret: "application_key",
    variable: "DD_APP_KEY",
    pattern: "^[0-9a-f]{40}$",
  },
  {
    provider: "GitHub",
    secret: "token",
    variable: "GITHUB_API_TOKEN",
    pattern: "^(ghp|gho|ghu|ghs|ghr|github_pat)_",
  },
  {
    provider: "GitLab",
    secret: "token",
    variable: "GITLAB_API_TOKEN",
    pattern: "^gl(pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-",
  },
  {
    provider: "HubSpot",
    secret: "token",
    variable: "HUBSPOT_API_TOKEN",
    pattern: "^pat-[a-z0-9]+-",
  },
  {
    provider: "Jira",
    secret: "email",
    variable: "JIRA_EMAIL",
    pattern: "@",
  },
  {
    provider: "Jira",
    secret: "api_token",
    variable: "JIRA_API_TOKEN",
    pattern: "^ATATT3",
  },
  {
    provider: "Notion",
    secret: "token",
    variable: "NOTION_API_TOKEN",
    pattern: "^(ntn_|secret_)",
  },
  {
    provider: "OpenAI",
    secret: "api_key",
    variable: "OPENAI_API_KEY",
    pattern: "^sk-",
  },
  {
    provider: "Plaid",
    secret: "client_id",
    variable: "PLAID_CLIENT_ID",
    pattern: "^[0-9a-f]{24}$",
  },
  {
    provider: "Plaid",
    secret: "secret",
    variable: "PLAID_SECRET",
    pattern: "^[0-9a-f]{30}$",
  },
  {
    provider: "SendGrid",
    secret: "api_key",
    variable: "SENDGRID_API_KEY",
    pattern: "^SG\\.",
  },
  {
    provider: "Shopify",
    secret: "access_token",
    variable: "SHOPIFY_ACCESS_TOKEN",
    pattern: "^shp(at|ca|pa)_",
  },
  {
    provider: "Slack",
    secret: "token",
    variable: "SLACK_API_TOKEN",
    pattern: "^xox[bp]-",
  },
  {
    provider: "Stripe",
    secret: "api_key",
    variable: "STRIPE_API_KEY",
    kind: "live",
    pattern: "^(sk|rk)_live_",
  },
  {
    provider: "Stripe",
    secret: "api_key",
    variable: "STRIPE_API_KEY",
    kind: "test",
    pattern: "^(sk|rk)_test_",
  },
  {
    provider: "Twilio",
    secret: "key_sid",
    variable: "TWILIO_KEY_SID",
    pattern: "^(AC|SK)",
  },
  {
    provider: "Zendesk",
    secret: "username",
    variable: "ZENDESK_USERNAME",
    pattern: "/token$",
  },
];
