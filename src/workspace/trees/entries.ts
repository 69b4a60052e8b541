import type { Blob } from '../../evidence/git/parse.ts'
import { pathBytes } from '../../evidence/path-text.ts'
import type { OwnRepository } from './types.ts'

const MODES = { f: '100644', x: '100755', l: '120000' } as const

/** One line for `update-index -z --index-info`: the path holds this; null takes it out. */
export function entryLine(own: OwnRepository, path: string, blob: Blob | null): Buffer {
  const head = blob === null ? `0 ${zeroOf(own)}` : `${MODES[blob.kind]} ${blob.oid}`
  return Buffer.concat([Buffer.from(`${head}\t`), pathBytes(path), Buffer.from([0])])
}

/** The name that no object has. */
export function zeroOf({ format }: OwnRepository): string {
  return '0'.repeat(format === 'sha1' ? 40 : 64)
}
