import { type Result, ok } from '../../base/result.ts'
import type { OwnRepository } from './types.ts'
export async function filtersOf(_own: OwnRepository, _commit: string): Promise<Result<readonly string[]>> {
  return ok([])
}
export async function gitlinksOf(_own: OwnRepository, _commit: string): Promise<Result<readonly string[]>> {
  return ok([])
}
