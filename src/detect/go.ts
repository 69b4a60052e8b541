import { ok } from '../base/result.ts'
import { TIMEOUT, found, quoted } from './found.ts'
import { RepoFiles } from './files.ts'
import type { DetectedCommand, Detector } from './detection.ts'

/** Go modules and workspaces. */
export const go: Detector = {
  name: 'go',
  prefix: 'go',
  detect({ root }) {
    const look = new RepoFiles(root)
    const module = look.text('go.mod')
    const work = look.text('go.work')
    if (module === null && work === null) return ok(null)
    const file = work === null ? 'go.mod' : 'go.work'
    const packages = work === null ? ['./...'] : workspacePackages(work)
    if (packages.length === 0)
      return ok({ ecosystem: 'go', tool: null, commands: [], notes: ['go.work uses no module'] })
    const evidence =
      work === null
        ? quoted(/^module.*$/m.exec(module ?? '')?.[0] ?? 'the file')
        : `use ${packages.map((one) => one.replace(/\/\.\.\.$/, '')).join(' ')}`
    const commands: DetectedCommand[] = [
      found({
        name: 'vet',
        argv: ['go', 'vet', ...packages],
        fast: true,
        file,
        evidence,
        reason: "compiles everything and runs Go's own checks",
        does: [['go', 'vet']],
      }),
    ]
    const lint = look.first('.golangci.yml', '.golangci.yaml', '.golangci.toml', '.golangci.json')
    // Its authors advise against naming it in go.mod, so that says nothing of whether it is there.
    const notes = lint === undefined ? [] : [`golangci-lint has to be installed here: ${lint} sets it up`]
    if (lint !== undefined)
      commands.push(
        found({
          name: 'lint',
          argv: ['golangci-lint', 'run', ...packages],
          fast: true,
          file: lint,
          evidence: 'the file',
          reason: 'golangci-lint is configured',
          does: [['golangci-lint']],
        }),
      )
    commands.push(
      found({
        name: 'test',
        // A remembered result would be one from a cache that agent-written tests can write.
        argv: ['go', 'test', '-count=1', ...packages],
        file,
        evidence,
        reason: "Go's tests, never from the cache",
        timeoutSeconds: TIMEOUT.build,
        does: [['go', 'test'], ['gotestsum']],
      }),
    )
    return ok({ ecosystem: 'go', tool: null, commands, notes })
  },
}

/** `./...` of every module that go.work uses: the root's own pattern leaves the others out. */
function workspacePackages(text: string): string[] {
  const plain = text.replaceAll(/\/\/.*$/gm, '')
  const block = [...plain.matchAll(/^use\s*\(([^)]*)\)/gm)].flatMap((match) =>
    (match[1] as string).split(/\s+/),
  )
  const single = [...plain.matchAll(/^use\s+([^\s(]+)/gm)].map((match) => match[1] as string)
  return [...block, ...single]
    .map((one) => one.replaceAll('"', '').replace(/\/+$/, ''))
    .filter((one) => one === '.' || (one.startsWith('./') && !one.includes('..')))
    .map((one) => (one === '.' ? './...' : `${one}/...`))
}
