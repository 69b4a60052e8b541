import { type Collection, type Collector, join, optionValues, own, programOf } from '../collection.ts'
import { pinBins } from './bins.ts'
import { packageAt, pinMember } from './package.ts'
import { programOfPackage, runnerConfigs } from './runner-configs.ts'
import { type Following, followNamed, pinSetting } from './settings.ts'

/** The tools that scripts name: their start files in node_modules/.bin, their settings, and settings those build upon. */
export const nodeTools: Collector = {
  name: 'node-tools',
  collect({ argv, dir, bins }, collection) {
    const first = argv[0] ?? ''
    if (bins) pinBins(dir, [first], collection)
    // `node_modules/.bin/x` or `node node_modules/x/bin.js` written out.
    for (const word of argv.slice(0, 8)) {
      const written = /(?:^|\/)node_modules\/(\.bin\/)?((?:@[^/]+\/)?[^/]+)/.exec(word)
      if (written === null || collection.workspace.inside(dir, word) === null) continue
      const name = written[2] as string
      const program = written[1] === undefined ? (own(programOfPackage, name) ?? name) : name
      pinBins(dir, [program], collection)
      pinSettings(program, argv, dir, collection)
    }
    pinSettings(programOf(argv), argv, dir, collection)
  },
}

function pinSettings(program: string, argv: readonly string[], dir: string, collection: Collection): void {
  const config = own(runnerConfigs, program)
  if (config === undefined) return
  const following: Following = { collection, followed: new Set(), asked: new Set(), files: config.files }
  for (const up of collection.workspace.upwards(dir)) {
    for (const name of config.files) pinSetting(join(up, name), following)
    const here = packageAt(up, collection)
    if (here === null) continue
    for (const key of config.keys) {
      pinMember(here, key, collection)
      if (here.json[key] !== undefined)
        followNamed(collection.json(here.json[key], here.file), up, following, false)
    }
  }
  // `--config x` and, for compilers, `-p x`; `tsc -b packages/a` names projects as words.
  const named = optionValues(argv, ['--config', '-c', '--project', '-p', '--tsconfig', '-P'])
  if (program === 'tsc') named.push(...argv.slice(1).filter((arg) => !arg.startsWith('-')))
  for (const value of named) {
    const rel = collection.workspace.inside(dir, value)
    if (rel === null || value.startsWith('-')) continue
    const isDirectory = collection.workspace.stat(rel)?.isDirectory() === true
    if (isDirectory) pinSetting(join(rel, 'tsconfig.json'), following)
    else if (/\.[cm]?[jt]s(onc?)?$|\.ya?ml$|\.toml$|rc$/.test(value))
      pinSetting(rel, following, config.files[0] === 'tsconfig.json' || undefined)
  }
}
