#!/usr/bin/env node
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");

if (enableCompileCache) enableCompileCache();
else require("../dist/compiled.cjs").keepCompiled(join(__dirname, "../dist/"), process.env);

const { finish, main } = require("../dist/main.cjs");
main(process).then((code) => finish(process, code));
