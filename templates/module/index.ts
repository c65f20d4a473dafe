import { createRouter } from "integ/runtime";
/* integ:value imports */
import { __Provider__V1 } from "./v1/client.ts";
/* integ:end */

/**
 * __Display__, as this codebase uses it: `__provider__.active` for everything, `__provider__.for(key)` where a canary
 * may get its share, `__provider__.pinned("v1")` for code that is not ready for the next version.
 */
export const __provider__ = createRouter({
  /* integ:value router */
  active: "v1",
  versions: {
    v1: () => new __Provider__V1(),
  },
  /* integ:end */
});
