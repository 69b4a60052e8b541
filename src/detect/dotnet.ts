import { ok } from '../base/result.ts'
import { TIMEOUT, found } from './found.ts'
import { RepoFiles } from './files.ts'
import type { Detector } from './detection.ts'

/** .NET: `dotnet test` of the only solution (or project) in the root; it builds everything first. */
export const dotnet: Detector = {
  name: 'dotnet',
  prefix: 'dotnet',
  detect({ root }) {
    const look = new RepoFiles(root)
    const names = look.names('.')
    const solutions = names.filter((name) => /\.slnx?$/.test(name))
    const files = solutions.length > 0 ? solutions : names.filter((name) => /\.(?:cs|fs|vb)proj$/.test(name))
    const [file, ...others] = files
    if (file === undefined) return ok(null)
    const about = { ecosystem: 'dotnet', tool: null }
    if (others.length > 0)
      return ok({
        ...about,
        commands: [],
        notes: [
          `dotnet test is left out: ${files.join(', ')} stand side by side. The line to copy for one: "test": ${JSON.stringify(['dotnet', 'test', file])}`,
        ],
      })
    const command = found({
      name: 'test',
      argv: ['dotnet', 'test', file, '--nologo'],
      file,
      evidence: 'the file',
      reason: solutions.length > 0 ? 'the only solution' : 'the only project',
      timeoutSeconds: TIMEOUT.build,
      // Helpers that stay for the next build would be ended with the gate anyway.
      env: {
        MSBUILDDISABLENODEREUSE: '1',
        UseSharedCompilation: 'false',
        DOTNET_CLI_TELEMETRY_OPTOUT: '1',
        DOTNET_NOLOGO: '1',
      },
      does: [['dotnet', 'test']],
    })
    return ok({ ...about, commands: [command], notes: [] })
  },
}
