import type * as rule from './dependency-changes.ts'

/**
 * The rule with its readers of YAML and TOML: a second look needs it, any other stop does not. The hook has it in a bundle of its own
 * (hook.dependencies.cjs), which the starter brings for just this spelling of its name.
 */
export async function loadDependencyRule(): Promise<typeof rule> {
  return import('./dependency-changes.ts')
}
