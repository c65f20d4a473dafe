#!/usr/bin/env node
require("./kept.cjs");
const { finish, main } = require("../dist/main.cjs");
main(process).then((code) => finish(process, code));
