/** undici's client alone, without fetch and the rest: a third of the start-up cost of the package. */
declare module "undici/lib/dispatcher/client.js" {
  import { Client } from "undici";
  export = Client;
}
