import { type Collection, join, collectedNames } from './collection.ts'
import { fileRules } from './file-rules.ts'

/** Directories looked into for modules of their own. */
const MAX_VISITED = 5000
const NO_DIRECTORY = /\.(go|mod|sum|md|txt|json|ya?ml|proto|sh|sql|html|golden)$/

/** Go: which modules are tested (go.work, a go.mod below that cuts its directory out, replacements); linters by their configuration. */
export const go = fileRules('go', [
  {
    programs: ['go', 'gotestsum', 'gofumpt', 'staticcheck'],
    files: ['go.work', 'go.env', 'staticcheck.conf'],
    more(invocation, dir, collection) {
      pinModule(join(dir, 'go.mod'), collection)
      if (dir === invocation.dir && collection.once(`go modules ${dir}`)) pinNested(dir, collection)
    },
  },
])

/** go.mod without what is required: `replace`, `exclude`, `ignore` and the like say what is really tested. */
function pinModule(rel: string, collection: Collection): void {
  const kept: string[] = []
  let block = ''
  for (const raw of collection.workspace.text(rel)?.split('\n') ?? []) {
    const line = raw.replace(/\/\/.*$/, '').trim()
    const word = block === '' ? (/^\w+/.exec(line)?.[0] ?? '') : block
    if (line !== '' && line !== ')' && !/^(require|go|toolchain|tool|retract)$/.test(word))
      kept.push(block === '' ? line : `${word} ${line}`)
    if (line.endsWith('(')) block = word
    else if (line === ')') block = ''
  }
  const lines = kept.filter((line) => !/^\w+\s*\($/.test(line))
  collection.part(rel, 'module,replace', lines.length === 0 ? null : lines.join('\n'))
}

/** A module below is left out of `./...`. */
function pinNested(dir: string, collection: Collection): void {
  const { workspace } = collection
  const dirs = [dir]
  for (let at = 0; at < dirs.length && at < MAX_VISITED; at++) {
    const here = dirs[at] as string
    const own = join(here, 'go.mod')
    if (at > 0 && workspace.exists(own)) collection.pin('absent', own, 'present')
    for (const name of collectedNames(here, collection)) {
      if (/^[._]|^(node_modules|vendor|testdata)$/.test(name) || NO_DIRECTORY.test(name)) continue
      const rel = join(here, name)
      if (workspace.stat(rel)?.isDirectory()) dirs.push(rel)
    }
  }
  if (dirs.length > MAX_VISITED)
    collection.pin('crowd', `${dir}/**`, `more than ${MAX_VISITED} directories`, dir)
}
