import { createRouter } from "integ/runtime";
import { AcmeV1 } from "./v1/client.js";

/**
 * Acme, as this codebase uses it: `acme.active` for everything, `acme.for(key)` where a canary
 * may get its share, `acme.pinned("v1")` for code that is not ready for the next version.
 */
export const acme = createRouter({
  active: "v1",
  versions: {
    v1: () => new AcmeV1(),
  },
});
