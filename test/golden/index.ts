/** Every third-party API that this codebase depends on. */

// integ:begin, kept by integ: edits between these lines are lost
export { acme } from "./acme/index.js";
// integ:end
