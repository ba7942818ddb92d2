/*
 * Validates by ajv.
 *
 * Arguments: the folder that has node_modules, and the files of the schemas. On standard input a body a line, in
 * Base64. On standard output an object a line: `unread`, why it is no JSON value to JavaScript, or `verdicts`: for each
 * schema its failing keywords, each with `location`, the schema's $id (none: the one asked) and the JSON Pointer of the
 * keyword, and `missing`, the attribute that is missing, or null.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [home, ...files] = process.argv.slice(2);
const { default: Ajv2020 } = createRequire(join(resolve(home), "package.json"))("ajv/dist/2020");

const schemas = files.map((file) => JSON.parse(readFileSync(file, "utf8")));
// In its strict mode, which is the default, ajv refuses keywords that it does not know: it is told the annotations.
// That a type stands in the one schema and its bounds in the other it would only warn about.
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: false });
ajv.addVocabulary([...annotations(schemas)]);
for (const schema of schemas) ajv.addSchema(schema);
const validators = schemas.map((schema) => ajv.getSchema(schema.$id));

function annotations(of, found = new Set()) {
  if (typeof of !== "object" || of === null) return found;
  for (const [key, inner] of Object.entries(of)) {
    if (key.startsWith("x-")) found.add(key);
    else annotations(inner, found);
  }
  return found;
}

function read(line) {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(line, "base64"));
  return JSON.parse(text, (_, value) => {
    // JSON has no such number: the text had one that is too large.
    if (value === Infinity || value === -Infinity) throw new RangeError("a number is beyond those of JavaScript");
    return value;
  });
}

function judge(line) {
  let value;
  try {
    value = read(line);
  } catch (error) {
    return { unread: error.name };
  }
  return { verdicts: validators.map((validate) => (validate(value) ? [] : validate.errors.map(failing))) };
}

function failing({ schemaPath, params }) {
  return { location: schemaPath, missing: params.missingProperty ?? null };
}

const lines = readFileSync(0, "ascii").split("\n").slice(0, -1);
process.stdout.write(lines.map((line) => JSON.stringify(judge(line)) + "\n").join(""));
