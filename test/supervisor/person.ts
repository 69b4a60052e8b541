import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/** Everything below a directory, byte for byte: path → kind, mode, time and content. Of access times nothing, for looking is allowed. */
export type Picture = ReadonlyMap<string, string>

export function pictureOf(top: string): Picture {
  const seen = new Map<string, string>()
  const queue = ['']
  for (let dir = queue.pop(); dir !== undefined; dir = queue.pop()) {
    for (const name of fs.readdirSync(path.join(top, dir))) {
      const one = path.join(dir, name)
      const place = path.join(top, one)
      const stat = fs.lstatSync(place, { bigint: true })
      if (stat.isDirectory()) queue.push(one)
      seen.set(one, `${stat.mode.toString(8)} ${stat.mtimeNs} ${contentOf(place, stat)}`)
    }
  }
  return seen
}

function contentOf(place: string, stat: fs.BigIntStats): string {
  if (stat.isSymbolicLink()) return `-> ${fs.readlinkSync(place)}`
  if (!stat.isFile()) return ''
  return createHash('sha256').update(fs.readFileSync(place)).digest('hex')
}

/** Paths that came, went or changed. */
export function differing(before: Picture, after: Picture): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((one) => before.get(one) !== after.get(one))
    .toSorted()
}

/** What publishing a branch of ours may add to a repository: the branch, its log and its objects, and the directories that hold them. */
const PUBLISHED = [
  /^refs\/heads(?:\/autonomous-loop(?:\/[0-9a-f-]+)?)?$/,
  /^logs(?:\/refs(?:\/heads(?:\/autonomous-loop(?:\/[0-9a-f-]+)?)?)?)?$/,
  /^lfs\/objects(?:\/[0-9a-f]{2}(?:\/[0-9a-f]{2}(?:\/[0-9a-f]{64})?)?)?$/,
  /^objects\/pack(?:\/pack-[0-9a-f]+\.(?:pack|idx|rev))?$/,
]

/** What of it is more than publishing. `gitDir`: from the top of what the pictures show. */
export function besidesPublished(before: Picture, after: Picture, gitDir = '.git'): string[] {
  return differing(before, after).filter((one) => {
    const inside = one.startsWith(`${gitDir}/`) ? one.slice(gitDir.length + 1) : null
    if (inside === null || !PUBLISHED.some((fits) => fits.test(inside))) return true
    // A directory may hold more; a file that was there before may not change.
    const was = before.get(one)
    const isDirectory = after.get(one)?.startsWith('4') ?? false
    return was !== undefined && !isDirectory
  })
}

const HOOKS = [
  'applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg commit-msg post-commit pre-rebase',
  'post-checkout post-merge pre-push pre-receive update proc-receive post-receive post-update reference-transaction',
  'push-to-checkout pre-auto-gc post-rewrite sendemail-validate fsmonitor-watchman post-index-change p4-changelist',
]
  .join(' ')
  .split(' ')

/**
 * Sets every trap that we know of in a repository: programs that git starts by its hooks and configuration. Each adds a line to
 * `trace` when it runs. `git`: runs git in that repository.
 */
export function setTraps(
  gitDir: string,
  dir: string,
  git: (...args: string[]) => string,
): { readonly trace: string; readonly ran: () => string } {
  fs.mkdirSync(dir, { recursive: true })
  const trace = path.join(dir, 'trace')
  const trap = (name: string, then = 'cat 2>/dev/null; exit 0'): string => {
    const file = path.join(dir, name)
    fs.writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> '${trace}'\n${then}\n`, { mode: 0o755 })
    return file
  }
  for (const hook of HOOKS) {
    const from = trap(`hook-${hook}`, 'exit 1')
    fs.copyFileSync(from, path.join(gitDir, 'hooks', hook))
    fs.chmodSync(path.join(gitDir, 'hooks', hook), 0o755)
  }
  const included = path.join(dir, 'included')
  const settings = [
    ...[
      'core.fsmonitor',
      'core.sshCommand',
      'core.askPass',
      'core.editor',
      'core.pager',
      'core.gitProxy',
      'core.alternateRefsCommand',
      'credential.helper',
      'diff.external',
      'diff.trace.textconv',
      'diff.trace.command',
      'merge.trace.driver',
      'filter.trace.clean',
      'filter.trace.smudge',
      'filter.trace.process',
      'gpg.program',
      'gpg.x509.program',
      'sequence.editor',
      'interactive.diffFilter',
      'uploadpack.packObjectsHook',
      'trailer.Autonomous-Loop-Item.command',
      'trailer.Autonomous-Loop-Item.cmd',
      'gc.recentObjectsHook',
    ].map((name) => [name, trap(name.replace('.', '-'))] as const),
    ...['update-ref', 'commit', 'status', 'rev-parse', 'merge', 'config'].map(
      (name) => [`alias.${name}`, `!${trap(`alias-${name}`)}`] as const,
    ),
    ['commit.gpgSign', 'true'],
    ['tag.gpgSign', 'true'],
    ['merge.default', 'trace'],
    ['remote.origin.url', `ext::${trap('remote')}`],
    ['remote.origin.promisor', 'true'],
    ['protocol.ext.allow', 'always'],
    ['extensions.partialClone', 'origin'],
    ['receive.denyCurrentBranch', 'updateInstead'],
  ] as const
  for (const [name, value] of settings) git('config', '--file', included, name, value)
  git('config', 'include.path', included)
  for (const [name, value] of settings.slice(0, 22)) git('config', name, value)
  fs.mkdirSync(path.join(gitDir, 'info'), { recursive: true })
  fs.writeFileSync(path.join(gitDir, 'info/attributes'), '* filter=trace diff=trace merge=trace\n')
  fs.rmSync(trace, { force: true })
  return { trace, ran: () => (fs.existsSync(trace) ? fs.readFileSync(trace, 'utf8') : '') }
}
