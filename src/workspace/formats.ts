/*
 * What reads structured files, with the parsers of JSON, TOML and YAML, in a bundle of its own (hook.formats.cjs): a stop needs it only
 * where such a file differs. Everybody else gets it by loadFormats and imports none of it.
 */
export { dependencyChanges } from './dependencies/dependency-changes.ts'
export { compareParts } from './scope/compare-parts.ts'
