// What the Open XML SDK has against files: node open_xml_sdk.mjs FOLDER KIND FILE..., FOLDER being where node_modules lies, KIND xlsx or docx.
// Prints a JSON list with a list of faults for each file.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, kind, ...files] = process.argv.slice(2);
const sdk = createRequire(`${folder}/`).resolve("@ooxml-tools/validate");
const { default: validate } = await import(pathToFileURL(sdk));
const found = [];
for (const file of files) {
  const faults = await validate(await readFile(file), kind, "Microsoft365");
  found.push(faults.map(({ path, id, description }) => `${path.partUri}: ${id}: ${description} (${path.xpath})`));
}
process.stdout.write(JSON.stringify(found), () => process.exit(0)); // the SDK's own threads would keep it running
