import { programOf } from '../definition/collection.ts'
import { quoted } from './found.ts'
import { toolOf } from './tool-of.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/** They do nothing else. */
const ENDLESS = words(
  'nodemon ts-node-dev tsnd node-dev tsc-watch chokidar onchange watchexec entr ptw pytest-watch guard webpack-dev-server live-server http-server json-server start-storybook browser-sync',
)

/** With one of these as the first word; an empty word stands for none. */
const VERBS: Readonly<Record<string, ReadonlySet<string>>> = {
  vitest: words('watch dev'),
  next: new Set(['', 'dev', 'start']),
  nuxt: words('dev start preview'),
  nuxi: words('dev start preview'),
  astro: words('dev preview'),
  gatsby: words('develop serve'),
  storybook: words('dev'),
  expo: words('start'),
  webpack: words('serve watch'),
  ng: words('serve'),
  nx: words('serve watch'),
  turbo: words('watch'),
  lerna: words('watch'),
  tsx: words('watch'),
  cargo: words('watch'),
  cypress: words('open'),
  'react-scripts': words('start'),
  'vue-cli-service': words('serve'),
}

/** They serve, unless one of these words is said. */
const UNLESS: Readonly<Record<string, ReadonlySet<string>>> = {
  vite: words('build optimize'),
  parcel: words('build help'),
}

/** Where `-w` means watching; elsewhere it does not: Jest counts its workers with it, Prettier writes. */
const SHORT = words(
  'ava babel esbuild microbundle mocha postcss rollup sass swc tailwindcss tsc tsup vitest vue-tsc webpack',
)

/**
 * The first of some simple commands that watches files or serves, and so never ends; null when none is known to. A bare
 * `vitest` and `react-scripts test` run once where `CI` is set, as it is for gates.
 */
export function neverEnds(steps: readonly (readonly string[])[]): string | null {
  const found = steps.find((argv) => isEndless(toolOf(argv)))
  return found === undefined ? null : quoted(found.join(' '))
}

function isEndless(argv: readonly string[]): boolean {
  const program = programOf(argv)
  const args = argv.slice(1)
  const verb = args.find((arg) => !arg.startsWith('-')) ?? ''
  if (ENDLESS.has(program)) return true
  if (program === 'vitest' && (verb === 'run' || args.includes('--run'))) return false
  if (asksOnly(args)) return false
  if (Object.hasOwn(VERBS, program) && VERBS[program]?.has(verb) === true) return true
  if (Object.hasOwn(UNLESS, program) && !args.some((arg) => UNLESS[program]?.has(arg))) return true
  // Mocha's --ui is something else.
  if ((program === 'vitest' || program === 'playwright') && args.includes('--ui')) return true
  const said = watching(args)
  if (said !== null) return said
  if (program === 'rollup' && args.some((arg) => /^-[a-z]*w[a-z]*$/.test(arg))) return true
  if (SHORT.has(program) && args.includes('-w')) return true
  if (program === 'tsc' && args.includes('-watch')) return true
  // Karma goes on unless it is told otherwise, which a named configuration may do.
  return (
    program === 'ng' && verb === 'test' && !args.some((arg) => /^(?:-c|--configuration)(?:=|$)/.test(arg))
  )
}

/** What `--watch` and its kin say; null when they are not there. */
function watching(args: readonly string[]): boolean | null {
  if (args.includes('--no-watch')) return false
  for (const [at, arg] of args.entries()) {
    const flag = /^--watch(?:All|-all|-path|-hmr)?(?:=(.*))?$/i.exec(arg)
    if (flag !== null) return !/^(?:false|0|no|off)$/i.test(flag[1] ?? args[at + 1] ?? '')
  }
  return null
}

function asksOnly(args: readonly string[]): boolean {
  return args.some((arg) => ['--help', '-h', '--version', '-v'].includes(arg))
}
