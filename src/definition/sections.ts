/**
 * Text of the wanted tables of a TOML file, in order; null when there are none.
 *
 * Dependencies change honestly in the same files, so a digest of the whole would block honest work. Lines are cut at
 * headers without regard to multi-line strings: that can only show more headers than there are, and text that hides
 * one from us would itself be a visible change of the wanted table before it. What stands before the first header,
 * `[tool]` itself and headers written with escapes always count.
 */
export function wantedSections(text: string, wanted: (name: string) => boolean): string | null {
  const kept: string[] = []
  let keep = true
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[{1,2}([^\]]+)\]{1,2}\s*([#;].*)?$/.exec(line)
    if (header !== null) {
      const raw = header[1] as string
      const name = raw.replace(/["'\s]/g, '')
      keep = raw.includes('\\') || name === 'tool' || wanted(name)
    }
    if (keep && !/^\s*([#;].*)?$/.test(line)) kept.push(line.trimEnd())
  }
  return kept.length === 0 ? null : kept.join('\n')
}

/**
 * The same for INI files as Python reads them: whatever follows the last bracket of a header is ignored, and an indented
 * line may be a header or the end of a value, so that one only ever begins what is wanted. `DEFAULT` holds for every section.
 */
export function wantedIniSections(text: string, wanted: (name: string) => boolean): string | null {
  const kept: string[] = []
  let keep = true
  // Where some reader begins a new line, all of them do.
  for (const line of text.split(/[\n\r\v\f\u001C-\u001E\u0085\u2028\u2029]/)) {
    const header = /^(\s*)\[(.+)\]/.exec(line)
    if (header !== null) {
      // Older versions end the name at the first bracket.
      const names = [header[2] as string, /^[^\]]*/.exec(header[2] as string)?.[0] ?? '']
      const is = names.some((name) => name === 'DEFAULT' || wanted(name.trim()))
      keep = header[1] === '' ? is : keep || is
    }
    if (keep && !/^\s*([#;].*)?$/.test(line)) kept.push(line.trimEnd())
  }
  return kept.length === 0 ? null : kept.join('\n')
}

/**
 * A YAML file without the top-level keys named: those hold dependencies, which change honestly. Whatever is not
 * recognised as one of them stays in. Null when nothing is left.
 */
export function yamlWithout(text: string, keys: readonly string[]): string | null {
  const kept: string[] = []
  let keep = true
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(#.*)?$/.test(line)) continue
    if (!/^[\s-]/.test(line)) keep = !keys.includes(/^([\w-]+)\s*:/.exec(line)?.[1] ?? '')
    if (keep) kept.push(line.trimEnd())
  }
  return kept.length === 0 ? null : kept.join('\n')
}
