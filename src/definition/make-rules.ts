/** One target: the first recipe line may stand behind its `;`. */
export interface MakeRule {
  readonly prerequisites: string[]
  readonly recipe: string[]
}

/** Explicit rules of makefiles, read line by line; conditionals count on both sides. */
export interface MakeRules {
  readonly targets: ReadonlyMap<string, MakeRule>
  /** Null when it rests on variables that cannot be told without make. */
  readonly phony: ReadonlySet<string> | null
  /** What `make` alone makes. */
  readonly goal: string | null
}

const MAX_RULES = 5000
/** Longest line that is taken for a rule or an assignment. Characters. */
const MAX_LINE = 20_000
/** Targets on one line, prerequisites of one target, recipe lines of one target: what lies beyond is not looked at. */
const MAX_NAMES = 50
const MAX_PREREQUISITES = 500
const MAX_RECIPE = 200

/** Continued lines must be joined already. */
export function parseMakeRules(text: string): MakeRules {
  const lines = text.split('\n')
  const variables = assignments(lines)
  const targets = new Map<string, MakeRule>()
  const phony = new Set<string>()
  let open: MakeRule[] = []
  for (const line of lines) {
    if (line.startsWith('\t')) {
      if (line.length <= MAX_LINE)
        for (const rule of open) if (rule.recipe.length < MAX_RECIPE) rule.recipe.push(line)
      continue
    }
    const [head, own] = ruleLine(line)
    if (head === null) {
      if (!/^\s*(#|$)/.test(line)) open = []
      continue
    }
    const names = words(expand(head.names, variables)).slice(0, MAX_NAMES)
    const prerequisites = words(expand(head.prerequisites, variables))
    open = []
    for (const name of names) {
      if (name === '.PHONY') for (const one of prerequisites) phony.add(one)
      const rule = targets.get(name) ?? { prerequisites: [], recipe: [] }
      if (targets.size < MAX_RULES) targets.set(name, rule)
      rule.prerequisites.push(...prerequisites.slice(0, MAX_PREREQUISITES - rule.prerequisites.length))
      if (own !== undefined) rule.recipe.push(own)
      open.push(rule)
    }
  }
  const first = [...targets.keys()].find((name) => !/^\.[A-Z]|%/.test(name))
  const goal = variables.get('.DEFAULT_GOAL') ?? first ?? null
  return { targets, phony: [...phony].some((name) => name.includes('$')) ? null : phony, goal }
}

/** Every explicit target that these goals come to. */
export function madeFor(goals: readonly string[], { targets }: MakeRules): ReadonlyMap<string, MakeRule> {
  const found = new Map<string, MakeRule>()
  const queue = [...goals]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const rule = targets.get(name)
    if (rule === undefined || found.has(name)) continue
    found.set(name, rule)
    for (const next of rule.prerequisites) queue.push(next)
  }
  return found
}

/** Does the recipe make a file of the target's name (`-o prog`, `$@`, `touch stamp`)? Then the file is work, and may appear. */
export function makesItsFile(name: string, { prerequisites, recipe }: MakeRule): boolean {
  return recipe.some((line) => {
    if (/\$[@({]?@/.test(line)) return true
    if (prerequisites.length > 0 && COMPILES.test(line)) return true
    let previous = ''
    let writes = false
    for (const part of words(line.replace(/[;&|()]/g, ' ; ').replace(/>/g, ' > '))) {
      const isOwn = part.replace(/^\.\//, '').replace(/\/$/, '') === name
      if (isOwn && (writes || /^(-o|-d|>|--out\S*|--target\S*)$/.test(previous))) return true
      writes = part !== ';' && (writes || WRITES.test(part))
      previous = part
    }
    return false
  })
}

const WRITES = /^[@+-]*(touch|mkdir|cp|mv|ln|tee|install|venv|virtualenv|ar|ld|zip|tar)$/
const COMPILES =
  /\b(go|cargo|docker|swift|dotnet) build\b|\b(cc|gcc|g\+\+|clang|ld|rustc|javac|ghc)\b|\$[({](CC|CXX|LD|AR|GO)\b/

interface Head {
  readonly names: string
  readonly prerequisites: string
}

/** Targets and prerequisites of a rule's line, and the recipe behind its `;`; null for any other line. */
function ruleLine(line: string): [head: Head | null, recipe?: string] {
  if (line.length > MAX_LINE) return [null]
  const [rule, ...own] = line.split(';') as [string, ...string[]]
  const plain = rule.split('#')[0] as string
  const colon = plain.indexOf(':')
  const after = plain.slice(colon + 1).replace(/^:/, '')
  // Assignments, also those that hold for one target only.
  if (colon < 1 || plain.includes('=')) return [null]
  const head = {
    names: plain.slice(0, colon).replace(/&$/, ''),
    prerequisites: after.slice(after.lastIndexOf(':') + 1).replace('|', ' '),
  }
  return own.length === 0 ? [head] : [head, own.join(';')]
}

function assignments(lines: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of lines) {
    const equals = line.startsWith('\t') ? -1 : line.indexOf('=')
    if (equals < 1 || equals > 200 || line.length > MAX_LINE) continue
    const name = /^(?:export |override )?([\w.-]+) ?[:?+!]{0,3}$/.exec(line.slice(0, equals).trim())?.[1]
    const value = (line.slice(equals + 1).split('#')[0] as string).trim()
    if (name !== undefined)
      found.set(name, line[equals - 1] === '+' ? `${found.get(name) ?? ''} ${value}` : value)
  }
  return found
}

/** Variables that are plain words; anything else stays as it is written. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  let out = text
  for (let depth = 0; depth < 3 && out.includes('$'); depth++)
    out = out
      .replace(/\$[({]([\w.-]+)[)}]/g, (all, name: string) => variables.get(name) ?? all)
      .slice(0, MAX_LINE)
  return out
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
