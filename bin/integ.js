#!/usr/bin/env node
import module from "node:module";

module.enableCompileCache?.();
const { finish, main } = await import("../dist/main.js");
finish(process, await main(process));
