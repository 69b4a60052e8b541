import { quoted } from './found.ts'
import type { RepoFiles } from './files.ts'
import type { Script, ScriptSource } from './detection.ts'

/** GNU make reads the first of these. */
const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile']
const MAX_INCLUDES = 20

interface Rule {
  readonly calls: string[]
  /** The same as they are written. */
  readonly needs: string[]
  readonly recipe: string[]
}

/** The targets of the makefile in the root and of the files that it includes by name; null when there is none. */
export function readMakefile(look: RepoFiles): ScriptSource | null {
  const file = look.first(...MAKEFILES)
  const text = file === undefined ? null : withIncludes(look, file)
  if (file === undefined || text === null) return null
  const { rules, phony, variables } = parse(text)
  const scripts = new Map<string, Script>()
  for (const [name, rule] of rules) {
    if (name.startsWith('.')) continue
    const recipe = expand(rule.recipe.join('\n').replaceAll(/\$[({]MAKE[)}]/g, 'make'), variables)
      .split('\n')
      .map((line) => line.trim().replace(/^[@+-]+/, ''))
      .join('\n')
      .replaceAll('$$', '$')
    const inner = [...recipe.matchAll(/\bmake +([\w./-]+)/g)].map((match) => match[1] as string)
    scripts.set(name, {
      text: recipe,
      calls: [...rule.calls, ...inner].filter((one) => rules.has(one)),
      evidence: quoted(`target ${name}: ${[...rule.needs, ...rule.recipe].join('; ')}`),
      unusable: whyNot(look, name, rule, phony.has(name)),
      // A file of this name would make `make` say "up to date" and run nothing; the pin is its absence.
      ...(phony.has(name) ? {} : { pins: [name] }),
    })
  }
  return { file, kind: 'target', scripts, argv: (name) => ['make', name] }
}

/** The text with every file in the place of its `include`, as far as the name stands there in plain words. */
function withIncludes(look: RepoFiles, file: string, seen = new Set<string>()): string | null {
  if (seen.has(file) || seen.size > MAX_INCLUDES) return null
  seen.add(file)
  const text = look.text(file)
  return (
    text?.replaceAll(/\\\r?\n/g, ' ').replaceAll(/^ *-?s?include[ \t]+([^\n#]+)/gm, (_, names: string) =>
      names
        .trim()
        .split(/\s+/)
        .map((name) =>
          /[$*?[]|^\/|\.\./.test(name) ? '' : (withIncludes(look, name.replace(/^\.\//, ''), seen) ?? ''),
        )
        .join('\n'),
    ) ?? null
  )
}

function parse(text: string) {
  const variables = assignments(text)
  const phony = new Set<string>()
  const rules = new Map<string, Rule>()
  let current: Rule[] = []
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('\t')) {
      for (const rule of current) rule.recipe.push(line.trim().replace(/^[@+-]+/, ''))
      continue
    }
    const rule = /^([^\s:=#][^:=#]*?)[ \t]*&?::?(?![=:])([^#;]*)(?:#.*)?(;.*)?$/.exec(withoutLists(line))
    // With an equals sign it is an assignment, or a variable of one target.
    if (rule === null || (rule[2] as string).includes('=')) {
      if (/^\S/.test(line) && !line.startsWith('#')) current = []
      continue
    }
    const needs = words(expand((rule[2] as string).replaceAll('|', ' '), variables))
    current = []
    for (const target of words(expand(rule[1] as string, variables))) {
      if (target === '.PHONY') for (const one of needs) phony.add(one)
      const known = rules.get(target) ?? { calls: [], needs: [], recipe: [] }
      known.calls.push(...needs)
      known.needs.push(...words(rule[2] as string))
      if (rule[3] !== undefined) known.recipe.push(rule[3].slice(1))
      rules.set(target, known)
      current.push(known)
    }
  }
  return { rules, phony, variables }
}

/** A list made by a pattern (`$(DIRS:%=test/%)`, `$(addprefix test/,$(DIRS))`) as the pattern rule that makes its members. */
function withoutLists(line: string): string {
  return line
    .replaceAll(/\$[({][\w.-]+:[^=(){}]*=([^(){}]*)[)}]/g, '$1')
    .replaceAll(/\$[({]addprefix +([^,(){}\s]+),[^(){}]*(?:\$[({][^(){}]*[)}])?[^(){}]*[)}]/g, '$1%')
}

/** Variables whose value stands there in plain words. */
function assignments(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name, sign, value] of text.matchAll(
    /^(?:export +|override +)?([\w.-]+) *([:?+]{0,3})= *([^\n#]*)/gm,
  )) {
    const before = found.get(name as string)
    if (sign === '?' && before !== undefined) continue
    found.set(name as string, `${sign === '+' && before !== undefined ? `${before} ` : ''}${value?.trim()}`)
  }
  return found
}

/** Plain variables replaced, one inside another three times deep; anything else stays as it is written. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  let out = text
  for (let depth = 0; depth < 3 && out.includes('$'); depth++)
    out = out
      .replaceAll(/\$[({]([\w.-]+)[)}]/g, (all, name: string) => withoutLists(variables.get(name) ?? all))
      .slice(0, 100_000)
  return out
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean)
}

function whyNot(look: RepoFiles, name: string, rule: Rule, phony: boolean): string | null {
  if (rule.calls.length === 0 && rule.recipe.every((line) => line.trim() === '')) return 'it does nothing'
  if (!phony && look.exists(name))
    return `a file or directory ${name} exists and the target is not .PHONY, so make finds it up to date and runs nothing`
  return null
}
