// Writes what follows from the schemas in src/contract: schemas/*.schema.json and the tables of docs/configuration.md.
// With --check it writes nothing and exits 1, naming the files that are out of date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { build } from 'esbuild'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

const bundle = await build({
  absWorkingDir: root,
  stdin: {
    contents:
      "export * from './src/contract/json-schema.ts'; export * from './src/contract/reference.ts'; export * from './src/contract/file/file-schema.ts'",
    resolveDir: root,
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
  logLevel: 'warning',
})
const code = Buffer.from(bundle.outputFiles[0].contents).toString('base64')
const contract = await import(`data:text/javascript;base64,${code}`)

const files = {
  'schemas/autoloop.project.schema.json': json(contract.projectConfigJsonSchema()),
  'schemas/task.schema.json': json(contract.taskJsonSchema()),
  'schemas/contract.schema.json': json(contract.contractFileJsonSchema()),
  'docs/configuration.md': withTables(read('docs/configuration.md') ?? '', contract.referenceTables()),
}
const stale = Object.entries(files).filter(([file, text]) => read(file) !== text)

if (process.argv.includes('--check')) {
  for (const [file] of stale) process.stderr.write(`${file} is out of date: node scripts/schemas.js\n`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  mkdirSync(path.join(root, 'schemas'), { recursive: true })
  for (const [file, text] of stale) writeFileSync(path.join(root, file), text)
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** Each table stands between `<!-- table: name -->` and `<!-- end -->`. */
function withTables(text, tables) {
  const missing = new Set(Object.keys(tables))
  const filled = text.replace(/(<!-- table: (\w+) -->\n)[^]*?(<!-- end -->)/g, (_all, open, name, close) => {
    if (!(name in tables)) throw new Error(`docs/configuration.md asks for an unknown table: ${name}`)
    missing.delete(name)
    return `${open}${tables[name]}\n${close}`
  })
  if (missing.size > 0) throw new Error(`docs/configuration.md lacks the tables ${[...missing].join(', ')}`)
  return filled
}

function read(file) {
  try {
    return readFileSync(path.join(root, file), 'utf8')
  } catch {
    return undefined
  }
}
