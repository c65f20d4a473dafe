import { afterAll } from "vitest";
import { leaveHome, moveHome } from "./home.ts";

// Runs before each test file. Files share a process and what it has imported (vitest.config.ts), but not a home.
moveHome();
afterAll(leaveHome);
