import type { RepoFiles } from '../files.ts'

/** Names of variables that stand as `${NAME}` in settings of an installer; bun wants no braces. */
export function variablesIn(look: RepoFiles, files: readonly string[]): string[] {
  const names = files.flatMap((file) => {
    const text = (look.text(file) ?? '').replaceAll(/^\s*[#;].*$/gm, '')
    const pattern = file === 'bunfig.toml' ? /\$\{?([A-Za-z_]\w*)/g : /\$\{([A-Za-z_]\w*)[^}\n]*\}/g
    return [...text.matchAll(pattern)].map((match) => match[1] as string)
  })
  return [...new Set(names)].sort()
}
