/** The text below each table's name in a TOML file (or section of an INI file), what stands before the first under ''. */
export function sections(text: string | null): ReadonlyMap<string, string> {
  const parts = (text ?? '').split(/^[ \t]*\[{1,2}([^[\]\n]+)\]{1,2}[ \t]*(?:#.*)?$/m)
  const found = new Map<string, string>([['', parts[0] ?? '']])
  for (let at = 1; at < parts.length; at += 2) {
    const name = (parts[at] as string).replaceAll(/["'\s]/g, '')
    found.set(name, `${found.get(name) ?? ''}\n${parts[at + 1] ?? ''}`)
  }
  return found
}

/** The lists of a table by name, as they are written and without comments. */
export function lists(body: string): ReadonlyMap<string, string> {
  const plain = body.replaceAll(/^((?:[^#"'\n]|"[^"\n]*"|'[^'\n]*')*)#.*$/gm, '$1')
  const found = new Map<string, string>()
  for (const [, name, list] of plain.matchAll(/^[ \t]*["']?([\w.-]+)["']?\s*=\s*\[([\s\S]*?)\][ \t]*$/gm))
    found.set(name as string, list as string)
  return found
}
