import fs from 'node:fs'
import path from 'node:path'
import * as z from 'zod/mini'
import { type Sha256, sha256 } from '../base/hash.ts'
import { parseJson } from '../base/json.ts'
import { readTextSafe } from '../base/read-file.ts'
import { namesIn } from '../base/names-in.ts'
import { systemWords } from '../base/system-words.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { writeFileWhole } from '../base/write-file.ts'

/** A person accepted this content of this config. Kept whole, so that a run can be judged by it after the file changed. */
export interface Approval {
  readonly v: 1
  readonly path: string
  readonly sha256: Sha256
  readonly text: string
  /** PATH at the approval, without workspace, temp or relative entries. */
  readonly gatePath: string
  readonly at: number
  /** Sources of which `install-repo --measure` broke each, and no test gate noticed. Absent: one was noticed, or nobody looked. */
  readonly unnoticed?: readonly string[] | undefined
  /** Why gates that it says are verified in place did not pass in the clean room, by name. Absent: nobody looked, or each passed there. */
  readonly inPlace?: Readonly<Record<string, string>> | undefined
}

const schema = z.object({
  v: z.literal(1),
  path: z.string(),
  sha256: z.string(),
  text: z.string(),
  gatePath: z.string(),
  at: z.number(),
  unnoticed: z.optional(z.array(z.string())),
  inPlace: z.optional(z.record(z.string(), z.string())),
})

/** Approval is by real path and content, as direnv does: the same text elsewhere, or another text here, is a new question. */
function approvalFile(home: string, realPath: string, text: Sha256): string {
  return path.join(home, 'approved', sha256(`${realPath}\0${text}`))
}

/** Code: home-unwritable. */
export function saveApproval(home: string, approval: Approval): Result<true> {
  try {
    fs.mkdirSync(path.join(home, 'approved'), { recursive: true, mode: 0o700 })
    writeFileWhole(approvalFile(home, approval.path, approval.sha256), JSON.stringify(approval))
    return ok(true)
  } catch (error) {
    return fail('home-unwritable', `the approval could not be written below ${home}: ${systemWords(error)}`)
  }
}

/** The newest approval of another content at this real path: what a person knows of it. */
export function approvalBefore(home: string, realPath: string, text: Sha256): Approval | undefined {
  const dir = path.join(home, 'approved')
  const others = namesIn(dir).flatMap((name) => {
    const approval = readApproval(path.join(dir, name))
    return approval?.path === realPath && approval.sha256 !== text ? [approval] : []
  })
  return others.sort((a, b) => b.at - a.at)[0]
}

/** The approval of exactly this content at this real path; undefined when nobody gave one (or its record does not hold). */
export function findApproval(home: string, realPath: string, text: Sha256): Approval | undefined {
  const approval = readApproval(approvalFile(home, realPath, text))
  return approval?.sha256 === text && approval.path === realPath ? approval : undefined
}

function readApproval(file: string): Approval | undefined {
  const raw = readTextSafe(file, { maxBytes: 8_000_000 })
  const json = raw.ok ? parseJson(raw.value, 'approval') : raw
  const parsed = json.ok ? schema.safeParse(json.value) : undefined
  return parsed?.success ? { ...parsed.data, v: 1, sha256: sha256(parsed.data.text) } : undefined
}
