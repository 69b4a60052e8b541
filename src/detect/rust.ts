import { ok } from '../base/result.ts'
import { TIMEOUT, found, tableNamed } from './found.ts'
import { RepoFiles } from './files.ts'
import type { DetectedCommand, Detector } from './detection.ts'

/** Cargo packages and workspaces: type check and tests; clippy and rustfmt only where the project configures them. */
export const rust: Detector = {
  name: 'rust',
  prefix: 'rust',
  detect({ root }) {
    const look = new RepoFiles(root)
    const manifest = look.text('Cargo.toml')
    if (manifest === null) return ok(null)
    const workspace = tableNamed(manifest, 'workspace')
    const evidence = workspace ?? tableNamed(manifest, 'package')
    if (evidence === undefined)
      return ok({
        ecosystem: 'rust',
        tool: null,
        commands: [],
        notes: ['Cargo.toml has neither [package] nor [workspace]'],
      })
    const wide = workspace === undefined ? [] : ['--workspace']
    const about = { file: 'Cargo.toml', evidence: `[${evidence}]`, timeoutSeconds: TIMEOUT.build }
    const commands: DetectedCommand[] = [
      found({
        ...about,
        name: 'typecheck',
        argv: ['cargo', 'check', ...wide, '--all-targets'],
        fast: true,
        timeoutSeconds: TIMEOUT.test,
        reason: 'the compiler without making programs',
        does: [
          ['cargo', 'check'],
          ['cargo', 'clippy'],
        ],
      }),
    ]
    const clippy = look.first('clippy.toml', '.clippy.toml')
    const lints = ['lints.clippy', 'workspace.lints.clippy'].find((name) => tableNamed(manifest, name))
    if (clippy !== undefined || lints !== undefined)
      commands.push(
        found({
          ...about,
          name: 'lint',
          argv: ['cargo', 'clippy', ...wide, '--all-targets', '--', '-D', 'warnings'],
          fast: true,
          file: clippy ?? 'Cargo.toml',
          evidence: clippy === undefined ? `[${lints}]` : 'the file',
          timeoutSeconds: TIMEOUT.test,
          reason: 'clippy is configured',
          does: [['cargo', 'clippy']],
        }),
      )
    const format = look.first('rustfmt.toml', '.rustfmt.toml')
    if (format !== undefined)
      commands.push(
        found({
          name: 'format',
          argv: ['cargo', 'fmt', '--all', '--check'],
          fast: true,
          file: format,
          evidence: 'the file',
          reason: 'rustfmt is configured',
          does: [['cargo', 'fmt']],
        }),
      )
    commands.push(
      found({
        ...about,
        name: 'test',
        argv: ['cargo', 'test', ...wide],
        reason: "Cargo's tests",
        does: [
          ['cargo', 'test'],
          ['cargo', 'nextest'],
        ],
      }),
    )
    return ok({ ecosystem: 'rust', tool: null, commands, notes: [] })
  },
}
