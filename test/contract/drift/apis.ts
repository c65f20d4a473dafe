import type { Json } from "../../../src/contract/shape.ts";
import { contacts, droplets, issues, monitors, rates, zone } from "./apis-lists.ts";
import { chat, events, payments, tracks } from "./apis-objects.ts";
import type { Random } from "./random.ts";

/** An invented API whose answers have the shape, the optional parts and the noise of a real kind of provider. */
export interface Api {
  name: string;
  /** The body of one answer. Each belongs to another account or resource. */
  response(random: Random): Json;
  /** Names of properties whose value is a map: its names are data. */
  maps: readonly string[];
}

const none: readonly string[] = [];

/** Styles of several providers: payments, code hosting, CRM, language models, monitoring, cloud, DNS, exchange rates, music, events. */
export const APIS: readonly Api[] = [
  { name: "payments", response: payments, maps: ["metadata"] },
  { name: "issues", response: issues, maps: none },
  { name: "contacts", response: contacts, maps: none },
  { name: "chat", response: chat, maps: none },
  { name: "monitors", response: monitors, maps: none },
  { name: "droplets", response: droplets, maps: none },
  { name: "zone", response: zone, maps: none },
  { name: "rates", response: rates, maps: ["rates", "limits", "features"] },
  { name: "tracks", response: tracks, maps: none },
  { name: "events", response: events, maps: ["metadata"] },
];
