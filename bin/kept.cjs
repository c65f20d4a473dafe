// Keeps what Node compiles of integ's own code, for whatever starts from it.
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");

if (enableCompileCache) enableCompileCache();
else require("../dist/compiled.cjs").keepCompiled(join(__dirname, "../dist/"), process.env);
