import { ok } from '../base/result.ts'
import { quoted } from './found.ts'
import { RepoFiles } from './files.ts'
import { chooseStandard } from './script-choice.ts'
import type { Detector, Script, ScriptSource } from './detection.ts'

/** GNU make reads the first of these. */
const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile']

/** Targets of the makefile in the root. */
export const make: Detector = {
  name: 'make',
  prefix: 'make',
  scripts: ({ root }) => readMakefile(new RepoFiles(root)),
  detect({ root }) {
    const source = readMakefile(new RepoFiles(root))
    return ok(source === null ? null : chooseStandard('make', source))
  },
}

function readMakefile(look: RepoFiles): ScriptSource | null {
  const file = look.first(...MAKEFILES)
  const text = file === undefined ? null : look.text(file)
  if (file === undefined || text === null) return null
  const phony = new Set<string>()
  const rules = new Map<string, { calls: string[]; recipe: string[] }>()
  let current: { recipe: string[] }[] = []
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    if (line.startsWith('\t')) {
      for (const rule of current) rule.recipe.push(line.trim().replace(/^[@+-]+/, ''))
      continue
    }
    const rule = /^([A-Za-z0-9_./ -]+?)[ \t]*::?(?![=:])([^=#;]*)(?:#.*)?(;.*)?$/.exec(line)
    if (rule === null) {
      if (/^\S/.test(line) && !line.startsWith('#')) current = []
      continue
    }
    const needs = (rule[2] as string).split('|').join(' ').split(/\s+/).filter(Boolean)
    current = []
    for (const target of (rule[1] as string).split(/\s+/)) {
      if (target === '.PHONY') for (const one of needs) phony.add(one)
      const known = rules.get(target) ?? { calls: [], recipe: [] }
      known.calls.push(...needs)
      if (rule[3] !== undefined) known.recipe.push(rule[3].slice(1))
      rules.set(target, known)
      current.push(known)
    }
  }
  const scripts = new Map<string, Script>()
  for (const [name, rule] of rules) {
    if (name.startsWith('.') || name.includes('%')) continue
    const recipe = rule.recipe
      .join('\n')
      .replaceAll(/\$[({]MAKE[)}]/g, 'make')
      .replaceAll('$$', '$')
    const inner = [...recipe.matchAll(/\bmake +([\w./-]+)/g)].map((match) => match[1] as string)
    scripts.set(name, {
      text: recipe,
      calls: [...rule.calls, ...inner].filter((one) => rules.has(one)),
      evidence: quoted(`target ${name}: ${[...rule.calls, ...rule.recipe].join('; ')}`),
      unusable: whyNot(look, name, rule, phony.has(name)),
      // A file of this name would make `make` say "up to date" and run nothing; the pin is its absence.
      ...(phony.has(name) ? {} : { pins: [name] }),
    })
  }
  return { file, kind: 'target', scripts, argv: (name) => ['make', name] }
}

function whyNot(
  look: RepoFiles,
  name: string,
  rule: { readonly calls: readonly string[]; readonly recipe: readonly string[] },
  phony: boolean,
): string | null {
  if (rule.calls.length === 0 && rule.recipe.every((line) => line.trim() === '')) return 'it does nothing'
  if (!phony && look.exists(name))
    return `a file or directory ${name} exists and the target is not .PHONY, so make finds it up to date and runs nothing`
  return null
}
