// Reads pipelines with the language service of Azure Pipelines and prints what it has against them, as FILE:LINE: why.
//
//   node azure_language_service.mjs FOLDER_OF_node_modules SCHEMA FILE…
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const [folder, schema, ...files] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const { getLanguageService, parse } = require("azure-pipelines-language-service");
const { TextDocument } = require("vscode-languageserver-textdocument");

const say = console.log;
console.log = () => {}; // It tells what it is doing.
const rules = JSON.parse(await readFile(schema, "utf8"));
const resolved = { resolveRelativePath: (path) => path };
const service = getLanguageService(async () => rules, [], async () => "file:///schema.json", resolved);
service.configure({ validate: true });

let failed = false;
for (const name of files) {
  const text = await readFile(name, "utf8");
  const document = TextDocument.create(`file://${name}`, "azure-pipelines", 1, text);
  for (const { message, range } of await service.doValidation(document, parse(text))) {
    say(`${name}:${range.start.line + 1}: ${message}`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);
