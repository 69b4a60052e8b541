import fs from 'node:fs'
import path from 'node:path'
import { type BuildOptions, type Plugin, build } from 'esbuild'
import { guardDefine } from '../../scripts/inner-programs.js'
import { projectRoot } from '../rig/root.ts'

/** Files whose every sentence is said otherwise; `witness.ts` holds marks for machines, not sentences. */
const words = /[\\/]verdict[\\/]words[\\/][^\\/]+\.ts$/

/** The program as it ships, or with other words: hook files by name, and the directory of the command line. */
export async function buildProgram(
  dir: string,
  reworded: boolean,
): Promise<{ readonly hook: ReadonlyMap<string, string>; readonly cli: string; readonly changed: number }> {
  let changed = 0
  const plugin: Plugin = {
    name: 'reword',
    setup(builder) {
      if (!reworded) return
      builder.onLoad({ filter: words }, ({ path: file }) => {
        if (path.basename(file) === 'witness.ts') return undefined
        const text = fs.readFileSync(file, 'utf8')
        const contents = reword(text)
        if (contents !== text) changed += 1
        return { contents, loader: 'ts' }
      })
    },
  }
  const common = {
    absWorkingDir: projectRoot,
    bundle: true,
    platform: 'node' as const,
    target: 'node20.19',
    logLevel: 'error' as const,
    plugins: [plugin],
  } satisfies BuildOptions
  const hook = await build({
    ...common,
    entryPoints: {
      hook: 'src/hooks/boot.ts',
      'hook.main': 'src/hooks/entry.ts',
      'hook.judge': 'src/hooks/whole.ts',
      'hook.formats': 'src/workspace/formats.ts',
    },
    external: ['node-pty', './engine.ts', './formats.ts'],
    mainFields: ['module', 'main'],
    define: guardDefine(),
    supported: { 'dynamic-import': false },
    outdir: 'never-written',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    write: false,
  })
  const cli = path.join(dir, reworded ? 'reworded' : 'plain')
  await build({
    ...common,
    entryPoints: { main: 'src/cli/main.ts' },
    external: ['node-pty'],
    outdir: cli,
    outExtension: { '.js': '.mjs' },
    mainFields: ['module', 'main'],
    format: 'esm',
    splitting: true,
    define: { __filename: '__bundleFile' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __bundleFile = new URL(import.meta.url).pathname;",
    },
  })
  return {
    hook: new Map((hook.outputFiles ?? []).map((file) => [path.basename(file.path), file.text])),
    cli: path.join(cli, 'main.mjs'),
    changed,
  }
}

/**
 * Every sentence in a source in other letters. A sentence is a literal with a blank in it, or any text of a template; single
 * words are kinds and states, which are data.
 */
export function reword(source: string): string {
  let out = ''
  let at = 0
  const copyTo = (end: number): void => {
    out += source.slice(at, end)
    at = end
  }
  /** Copies code until a closing brace of its own, rewording literals on the way. */
  const code = (): void => {
    for (let depth = 0; at < source.length;) {
      const char = source[at]
      if (source.startsWith('//', at)) copyTo(source.indexOf('\n', at))
      else if (source.startsWith('/*', at)) copyTo(source.indexOf('*/', at) + 2)
      else if (char === "'" || char === '"') literal(char)
      else if (char === '`') template()
      else if (char === '}' && depth === 0) return
      else {
        depth += char === '{' ? 1 : char === '}' ? -1 : 0
        copyTo(at + 1)
      }
    }
  }
  const literal = (quote: string): void => {
    let end = at + 1
    while (source[end] !== quote) end += source[end] === '\\' ? 2 : 1
    const text = source.slice(at, end + 1)
    out += text.includes(' ') ? other(text) : text
    at = end + 1
  }
  const template = (): void => {
    copyTo(at + 1)
    for (;;) {
      let end = at
      while (source[end] !== '`' && !source.startsWith('${', end)) end += source[end] === '\\' ? 2 : 1
      out += other(source.slice(at, end))
      at = end
      if (source[at] === '`') return copyTo(at + 1)
      copyTo(at + 2)
      code()
      copyTo(at + 1)
    }
  }
  code()
  return out
}

/** Each letter becomes the next one but for escapes: nothing that was said is found in it again. */
function other(text: string): string {
  return text.replaceAll(/\\.|[a-z]/g, (char) =>
    char.length > 1 ? char : String.fromCodePoint(97 + ((char.charCodeAt(0) - 96) % 26)),
  )
}
