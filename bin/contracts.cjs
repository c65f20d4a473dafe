// The thread of src/check/contract/helper.ts.
require("./kept.cjs");
require("../dist/contracts.cjs");
