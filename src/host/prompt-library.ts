// A static list of what is used, so that the bundle holds nothing else of the prompt library.
export { checkbox, confirm, input, password, search, select } from "@inquirer/prompts";
