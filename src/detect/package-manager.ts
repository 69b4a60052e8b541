import fs from 'node:fs'
import path from 'node:path'
import type { JsonObject } from '../base/json.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { PACKAGE_MANAGERS, type PackageManager, managers } from '../definition/node/managers.ts'

export interface ChosenManager {
  readonly name: PackageManager
  readonly reason: string
}

/** Checks `--package-manager`; undefined stays undefined. Code: invalid_package_manager_override. */
export function checkOverride(given: string | undefined): Result<PackageManager | undefined> {
  if (given === undefined) return ok(undefined)
  const found = PACKAGE_MANAGERS.find((name) => name === given)
  return found === undefined
    ? fail(
        'invalid_package_manager_override',
        `--package-manager ${JSON.stringify(given)} is not one we know`,
        {
          fix: `use --package-manager with one of ${PACKAGE_MANAGERS.join(', ')}`,
        },
      )
    : ok(found)
}

/**
 * The package manager: the override, then `packageManager` of package.json, then the lockfiles.
 * Codes: invalid_package_manager_override, unsupported_package_manager, ambiguous_package_manager, missing_package_manager.
 */
export function choosePackageManager(
  root: string,
  packageJson: JsonObject,
  override: string | undefined,
): Result<ChosenManager> {
  const checked = checkOverride(override)
  if (!checked.ok) return checked
  if (checked.value !== undefined) return ok({ name: checked.value, reason: '--package-manager' })
  const field = packageJson['packageManager']
  if (field !== undefined) {
    const name = typeof field === 'string' ? field.split('@')[0] : undefined
    const found = PACKAGE_MANAGERS.find((known) => known === name)
    return found === undefined
      ? fail(
          'unsupported_package_manager',
          `package.json names the package manager ${JSON.stringify(field)}`,
          {
            fix: `pass --package-manager with one of ${PACKAGE_MANAGERS.join(', ')}`,
          },
        )
      : ok({ name: found, reason: 'packageManager in package.json' })
  }
  const isThere = (file: string): boolean => fs.existsSync(path.join(root, file))
  const files = PACKAGE_MANAGERS.flatMap((one) => managers[one].lockfiles).filter(isThere)
  const names = PACKAGE_MANAGERS.filter((one) => managers[one].lockfiles.some(isThere))
  const [name, ...others] = names
  if (name === undefined)
    return fail(
      'missing_package_manager',
      'neither packageManager in package.json nor a lockfile says how to run scripts',
      {
        fix: `pass --package-manager with one of ${PACKAGE_MANAGERS.join(', ')}`,
      },
    )
  return others.length === 0
    ? ok({ name, reason: files.join(', ') })
    : fail('ambiguous_package_manager', `lockfiles of several package managers: ${files.join(', ')}`, {
        fix: `pass --package-manager with one of ${names.join(', ')}, or remove the other lockfiles`,
        data: { lockfiles: files },
      })
}
