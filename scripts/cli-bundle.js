// Builds the command line as lazily loaded chunks: what ships, and what tests start in its place.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { build } from 'esbuild'
import { copyDefine, foldDefine } from './inner-programs.js'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

export const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  external: ['node-pty'],
  legalComments: 'none',
  logLevel: 'warning',
}

/**
 * Bundled, yargs takes the directory it is called from for its own and reads the package.json there to guess a version:
 * in a repository that could be a FIFO. It has no option against that.
 */
const yargsStaysAtHome = {
  name: 'yargs-stays-at-home',
  setup({ onLoad }) {
    onLoad({ filter: /yargs[\\/]lib[\\/]platform-shims[\\/]esm\.mjs$/ }, ({ path: file }) => {
      const text = readFileSync(file, 'utf8')
      const guess = 'mainFilename: mainFilename || process.cwd()'
      if (!text.includes(guess)) throw new Error('yargs guesses its own place in another way now')
      return { contents: text.replace(guess, "mainFilename: '/'"), loader: 'js' }
    })
  },
}

/** Commands that are one file each, with all they need: a hundred small chunks take longer to load than the command to run. Typed most often. */
const ALONE = ['status']

const apart = {
  name: 'commands-apart',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^\\./commands/(${ALONE.join('|')})\\.ts$`) }, ({ path: file }) => ({
      path: `./${path.basename(file, '.ts')}.js`,
      external: true,
    }))
  },
}

/** Bundles programs by name into a directory. Gives what went in. */
export async function cliBundle(entryPoints, outdir) {
  const shared = {
    ...common,
    metafile: true,
    outdir,
    mainFields: ['module', 'main'],
    format: 'esm',
    define: { __filename: '__bundleFile', ...copyDefine(), ...foldDefine() },
    // Bundled CommonJS dependencies still call require() and ask for their file's name; an ES module may declare it itself.
    banner: {
      js: [
        "import { createRequire as __createRequire } from 'node:module'",
        "import { fileURLToPath as __fileURLToPath } from 'node:url'",
        'const require = __createRequire(import.meta.url)',
        'const __bundleFile = __fileURLToPath(import.meta.url)',
        '',
      ].join(';\n'),
    },
  }
  const chunks = await build({
    ...shared,
    entryPoints,
    splitting: true,
    chunkNames: 'chunk-[hash]',
    plugins: [yargsStaysAtHome, apart],
  })
  const alone = await build({
    ...shared,
    entryPoints: Object.fromEntries(ALONE.map((name) => [name, `src/cli/commands/${name}.ts`])),
    // Names stay, for the log of a mistake of ours.
    minifyWhitespace: true,
    minifySyntax: true,
  })
  return {
    inputs: { ...chunks.metafile.inputs, ...alone.metafile.inputs },
    outputs: { ...chunks.metafile.outputs, ...alone.metafile.outputs },
  }
}
