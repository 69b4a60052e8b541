/*
 * Everything of the hooks that looks at a workspace, in a bundle of its own (hook.judge.cjs): it is loaded only when a run
 * is open and has to be judged, or when one is to begin. Handlers get it by loadEngine and import none of it.
 */
export { amend, differenceNow } from '../control/amend.ts'
export { armByPrompt } from '../control/arm.ts'
export { claim } from '../control/pending.ts'
export { uncheckedTurn } from '../control/unchecked-turn.ts'
export { settleRelease } from '../control/settle-release.ts'
export { takeIn } from '../control/take-in.ts'
export { judgeStop } from './judge.ts'
export { leaveFormer, strayRuns } from './left-behind.ts'
export { leaveLiveRecord } from './live-record.ts'
export { notHeld } from './not-held.ts'
