/*
 * The parsers of structured files, in a bundle of their own (hook.formats.cjs): a stop needs them only where one file differs and
 * parts of it may. Handlers get them by loadFormats and import none of it.
 */
export { parseTree as parseJsonTree } from 'jsonc-parser'
export type { Node as JsonNode, ParseError as JsonError } from 'jsonc-parser'
export { parse as parseToml } from 'smol-toml'
export { isAlias, isMap, isPair, isScalar, isSeq, parseAllDocuments } from 'yaml'
export type { Document as YamlDocument } from 'yaml'
