import { type Lock, type LockFormat, type Locked, type ManifestFormat, type Want, wantsOf } from './parts.ts'

/** A line that asks for a gem and does nothing else; a Gemfile is a program, so any other line counts as it is. */
const GEM =
  /^gem (["'])(?<name>[A-Za-z0-9][\w.-]*)\1(?<more>(?:,\s*(?:"[\d.]+"|'[\d.]+'|"[<>=~!]+ ?[\w.]+"|'[<>=~!]+ ?[\w.]+'|require: false|groups?: (?::\w+|\[:\w+(?:, *:\w+)*\])))*)$/

export const gemfile: ManifestFormat = {
  read: (text) => {
    const lines = text.split(/\r?\n/).map((line) => line.replace(/^\s*#.*$/, '').trim())
    const wants = lines.flatMap((line): Want[] => {
      const name = GEM.exec(line)?.groups?.['name']
      return name === undefined ? [] : [{ group: '', name, spec: line, fault: null }]
    })
    return { wants: wantsOf(wants), rest: lines.filter((line) => line !== '' && !GEM.test(line)) }
  },
  merge: (was, _now, wants) => `${[was.trimEnd(), ...wants.map(({ spec }) => String(spec))].join('\n')}\n`,
}

/** `Gemfile.lock`. Only with its CHECKSUMS does it say what a gem is. */
export const gemfileLock: LockFormat = {
  read: (text) => {
    const sections = sectionsOf(text)
    const sums = new Map((sections.find(({ head }) => head === 'CHECKSUMS')?.lines ?? []).flatMap(sumIn))
    const packages = new Map<string, Locked>()
    for (const section of sections) {
      const remote = section.lines.find((line) => line.startsWith('  remote: '))?.slice(10) ?? ''
      const registry = section.head === 'GEM' && remote.startsWith('https://') ? remote : null
      if (!['GEM', 'GIT', 'PATH', 'PLUGIN SOURCE'].includes(section.head)) continue
      for (const line of section.lines) addLine(line, registry, sums, packages)
    }
    const named = (name: string): string[] =>
      [...packages].flatMap(([key, one]) => (one.name === name ? [key] : []))
    for (const [key, one] of packages) packages.set(key, { ...one, needs: (one.needs ?? []).flatMap(named) })
    const asked = sections.find(({ head }) => head === 'DEPENDENCIES')?.lines ?? []
    const ways = new Map(
      asked.map((line): [string, string] => {
        const name = /^\s*([\w.-]+)/.exec(line)?.[1] ?? ''
        // From a repository or a directory.
        return [line, line.endsWith('!') ? '' : (named(name)[0] ?? '')]
      }),
    )
    const fixed = sections.filter(
      ({ head }) => !['GEM', 'GIT', 'PATH', 'DEPENDENCIES', 'CHECKSUMS'].includes(head),
    )
    const heads = sections.map(({ head, lines }) => [
      head,
      lines.filter((line) => /^ {2}\S/.test(line) && head !== 'DEPENDENCIES' && head !== 'CHECKSUMS'),
    ])
    return { packages, asks: null, ways, find: finder(ways), rest: [fixed, heads] }
  },
  registries: ['https://rubygems.org/'],
  weaker: () => false,
  merge: null,
}

function finder(ways: ReadonlyMap<string, string>): Lock['find'] {
  return (_dir, { name }) =>
    [...ways].find(([line, key]) => key !== '' && /^\s*([\w.-]+)/.exec(line)?.[1] === name)?.[1]
}

function sectionsOf(text: string): { head: string; lines: string[] }[] {
  const sections: { head: string; lines: string[] }[] = []
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue
    if (/^\S/.test(line)) sections.push({ head: line, lines: [] })
    else if (sections.length === 0) throw new TypeError(`a line outside of all sections: ${line}`)
    else sections.at(-1)?.lines.push(line)
  }
  return sections
}

function sumIn(line: string): [string, string][] {
  const found = /^ {2}([\w.-]+ \([\w.-]+\)) (sha256=[0-9a-f]{64})$/.exec(line)
  return found ? [[found[1] as string, found[2] as string]] : []
}

/** Four blanks: a gem; six: what the gem before it needs. */
function addLine(
  line: string,
  registry: string | null,
  sums: ReadonlyMap<string, string>,
  packages: Map<string, Locked>,
): void {
  const gem = /^ {4}([\w.-]+) \(([\w.-]+)\)$/.exec(line)
  const need = /^ {6}([\w.-]+)(?: \(.*\))?!?$/.exec(line)
  if (gem) {
    const [name = '', version = ''] = gem.slice(1)
    const key = `${name} (${version})`
    if (packages.has(key)) throw new TypeError(`${key} is there twice`)
    packages.set(key, locked(name, version, registry, sums.get(key)))
  } else if (need) {
    const [key, before] = [...packages].at(-1) ?? ['', undefined]
    if (!before) throw new TypeError(`nobody needs ${line}`)
    packages.set(key, {
      ...before,
      needs: [...(before.needs ?? []), need[1] as string],
      fixed: [before.fixed, line],
    })
  } else if (!/^ {2}\S/.test(line)) throw new TypeError(`not a line of Bundler's: ${line}`)
}

function locked(name: string, version: string, registry: string | null, sum: string | undefined): Locked {
  return {
    name,
    version,
    registry,
    alias: false,
    sealed: sum !== undefined,
    needs: [],
    fixed: [registry, sum],
    reach: '',
    // Executables, extensions that are built and files that RubyGems and minitest load stand in the gem alone.
    programs: null,
    installScript: null,
    loadsItself: null,
    hosts: [],
    welcomes: [],
    inside: null,
    // One of several platforms each.
    only: !/-[a-z]/.test(version),
  }
}
