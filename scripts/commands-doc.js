// Writes the reference of commands into docs/commands.md. With --check it writes nothing and exits 1 if that is out of date.
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
const { commandReference } = await import(pathToFileURL(outfile).href)

const reference = await commandReference()
const file = path.join(root, 'docs/commands.md')
const text = readFileSync(file, 'utf8')
const marked = /(<!-- reference -->\n)[^]*(<!-- end -->)/
if (!marked.test(text)) throw new Error('docs/commands.md has lost the marks around its reference')
const fresh = text.replace(marked, (_all, open, close) => `${open}\n${reference}\n${close}`)

if (!process.argv.includes('--check')) writeFileSync(file, fresh)
else if (fresh !== text) {
  process.stderr.write('docs/commands.md is out of date: node scripts/commands-doc.js\n')
  process.exitCode = 1
}
