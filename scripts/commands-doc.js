// Writes what is generated into the documents: the reference of commands, the entries of error codes, the table of a batch, the planning faults. With --check it
// writes nothing and exits 1 if one of them is out of date.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import path from 'node:path'
import { build } from 'esbuild'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const outfile = path.join(root, 'node_modules/.cache/commands-doc.mjs')
await build({
  absWorkingDir: root,
  entryPoints: ['src/cli/documented.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
})
const { commandReference, codeReference, happeningsReference, callsReference, faultsReference } =
  await import(pathToFileURL(outfile).href)

const parts = [
  ['docs/commands.md', 'reference', await commandReference()],
  ['TROUBLESHOOTING.md', 'codes', codeReference()],
  ['docs/supervisor.md', 'happenings', happeningsReference()],
  ['docs/supervisor.md', 'calls', callsReference()],
  ['docs/planning-faults.md', 'faults', faultsReference()],
]
for (const [name, mark, reference] of parts) {
  const file = path.join(root, name)
  const text = readFileSync(file, 'utf8')
  const marked = new RegExp(`(<!-- ${mark} -->\\n)[^]*?(<!-- end -->)`)
  if (!marked.test(text)) throw new Error(`${name} has lost the marks around its generated part`)
  const fresh = text.replace(marked, (_all, open, close) => `${open}\n${reference.trimEnd()}\n\n${close}`)
  if (!process.argv.includes('--check')) writeFileSync(file, fresh)
  else if (fresh !== text) {
    process.stderr.write(`${name} is out of date: node scripts/commands-doc.js\n`)
    process.exitCode = 1
  }
}
