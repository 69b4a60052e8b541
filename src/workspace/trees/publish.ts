import { type Result, ok } from '../../base/result.ts'
import type { OwnRepository } from './types.ts'
export type Published =
  | { readonly kind: 'published'; readonly branch: string }
  | { readonly kind: 'left'; readonly branch: string; readonly why: string }
export async function publish(
  _own: OwnRepository,
  branch: string,
  _head: string,
  _before: string | null,
): Promise<Result<Published>> {
  return ok({ kind: 'published', branch })
}
