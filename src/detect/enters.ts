const WORD = String.raw`(?:"([^"]*)"|'([^']*)'|([^\s"';&|)]+))`
const CHANGES = new RegExp(
  String.raw`(?:(?:^|[\s;&|({"'])(?:cd|pushd)\s+|\s(?:-C|--(?:prefix|cwd|dir|directory|chdir|manifest-path)[\s=])\s*)${WORD}`,
  'gm',
)
/** Such a word means the directory that the command is in already, or one above. */
const NOT_BELOW = /^(?:\.\.?|-|~|\/.*|\.\.\/.*|.*(?:\$0|BASH_SOURCE|CURDIR|PWD|rev-parse|HOME|TMP|mktemp).*)$/

/** The directories that a shell text changes to, as they are written: `web`, and `$d` in a loop over several. */
export function entersIn(text: string): string[] {
  const named = [...text.matchAll(CHANGES)]
    .map(([, double, single, plain]) => double ?? single ?? plain ?? '')
    .map((word) => word.replace(/^\.\//, '').replace(/\/+$/, ''))
    .filter((word) => word !== '' && !NOT_BELOW.test(word))
  return [...new Set([...named, ...(/\s-execdir\s/.test(text) ? ['*'] : [])])]
}

/** May one of these words mean the directory? A variable or a pattern may mean any. */
export function mayEnter(words: readonly string[], dir: string): boolean {
  return words.some((word) => /[$*`]/.test(word) || word === dir || word.startsWith(`${dir}/`))
}
