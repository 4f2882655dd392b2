// Reads workflows with GitHub's own parser and prints what it has against them, a line for each, as FILE (Line…): why.
//
//   node workflow_parser.mjs FOLDER_OF_node_modules FILE…
import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { pathToFileURL } from "node:url";

// The parser imports JSON in a way that older versions of Node had and newer ones have no more.
const json = `
  import { readFile } from "node:fs/promises";
  export async function load(url, context, next) {
    if (!url.endsWith(".json")) return next(url, context);
    return { format: "module", shortCircuit: true, source: "export default " + (await readFile(new URL(url), "utf8")) };
  }`;
register("data:text/javascript," + encodeURIComponent(json));

const [folder, ...files] = process.argv.slice(2);
const { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } = await import(
  pathToFileURL(`${folder}/@actions/workflow-parser/dist/index.js`)
);

let failed = false;
for (const name of files) {
  const content = await readFile(name, "utf8");
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  for (const { message } of context.errors.getErrors()) {
    console.log(message);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);
