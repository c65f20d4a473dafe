import manifest from "../package.json" with { type: "json" };

/** The version of integ, from package.json; inlined by the build. */
export const VERSION: string = manifest.version;
