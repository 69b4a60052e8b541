// Builds what ships: the hook as a small starter, its program and its judge; the command line as lazily loaded chunks.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { build, transform } from 'esbuild'
import { cliBundle, common } from './cli-bundle.js'
import { copyDefine, guardDefine } from './inner-programs.js'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const dist = path.join(root, 'dist')
// Built beside it and swapped in, so that whoever uses dist/ meanwhile never finds half of it.
const fresh = path.join(root, `dist.${process.pid}.tmp`)

/**
 * What write-file-atomic would do at a signal it never does here: the hook writes in one go, and no handler runs meanwhile.
 * The stand-in spares 3 kB, and a set of signal handlers for each write.
 */
const noSignalExit = {
  name: 'no-signal-exit',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]signal-exit[\\/]dist[\\/]/ }, () => ({
      contents: 'exports.onExit = () => () => {}',
      loader: 'js',
    }))
  },
}

/**
 * One file of the hook. The bundler wraps every CommonJS and built-in module into a copy of all its members, which costs
 * each start several milliseconds; an object that inherits from the module does the same.
 */
async function hookFile(entry, name, more = {}) {
  const { outputFiles, metafile } = await build({
    ...common,
    metafile: true,
    entryPoints: [entry],
    outfile: path.join(fresh, name),
    format: 'cjs',
    write: false,
    // The starter brings these where they are asked for (see src/hooks/boot.ts).
    external: [...common.external, './engine.ts', './formats.ts'],
    // A real import() would ask V8 for a loader that the starter does not have.
    supported: { 'dynamic-import': false },
    define: { ...guardDefine(), ...copyDefine() },
    plugins: [noSignalExit],
    ...more,
  })
  const copying = /^var __toESM = [^]*?\n\)\);\n/m
  const bundled = outputFiles[0].text
  if (bundled.includes('__toESM(') && !copying.test(bundled))
    throw new Error('the bundler writes __toESM in another way now')
  const inheriting = `var __toESM = (mod, node) => !node && mod && mod.__esModule ? mod : Object.create(mod, { default: { value: mod, enumerable: true } });\n`
  const { code } = await transform(bundled.replace(copying, inheriting), {
    format: 'cjs',
    platform: 'node',
    target: common.target,
    minify: true,
    legalComments: 'none',
  })
  // Plain ASCII, as the starter reads it; the bundler leaves only regular expressions as they were.
  const ascii = code.replace(
    /[^\x00-\x7f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  mkdirSync(fresh, { recursive: true })
  writeFileSync(path.join(fresh, name), ascii)
  return metafile
}

const parts = await Promise.all([
  hookFile('src/hooks/boot.ts', 'hook.cjs'),
  hookFile('src/hooks/entry.ts', 'hook.main.cjs'),
  hookFile('src/hooks/whole.ts', 'hook.judge.cjs'),
  // jsonc-parser's CommonJS form hides its requires from the bundler.
  hookFile('src/workspace/formats.ts', 'hook.formats.cjs', { mainFields: ['module', 'main'] }),
  cliBundle({ main: 'src/cli/main.ts' }, path.join(fresh, 'cli')),
])
writeFileSync(path.join(fresh, 'THIRD-PARTY-NOTICES.txt'), notices(parts))

/** Name, version and licence text of every package whose code is in the bundles: their licences ask for it. */
function notices(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs))
  const dirs = new Set(inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? []))
  const texts = [...dirs]
    .sort((a, b) => a.localeCompare(b, 'en'))
    .map((dir) => {
      const { name, version, license } = JSON.parse(
        readFileSync(path.join(root, dir, 'package.json'), 'utf8'),
      )
      const file = readdirSync(path.join(root, dir)).find((each) => /^licen[cs]e/i.test(each))
      const text = file ? readFileSync(path.join(root, dir, file), 'utf8').trim() : `Licence: ${license}`
      return `${name} ${version}\n\n${text}\n`
    })
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

const old = path.join(root, `dist.${process.pid}.old.tmp`)
if (existsSync(dist)) renameSync(dist, old)
renameSync(fresh, dist)
rmSync(old, { recursive: true, force: true })
