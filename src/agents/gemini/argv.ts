import type { TurnBase } from '../agent.ts'
import type { GeminiAgent } from './settings.ts'

/**
 * The command line of one turn. A worker is asked for nothing: the box says what it may write. `isKnown`: the conversation is gone
 * on with, else it gets this id. The prompt comes on stdin.
 */
export function geminiArgv(
  { bin, model }: GeminiAgent,
  turn: TurnBase,
  id: string,
  isKnown: boolean,
): string[] {
  return [
    bin,
    '--output-format',
    'stream-json',
    ...(model === null ? [] : ['--model', model]),
    ...(turn.role === 'work'
      ? ['--approval-mode', 'yolo']
      : [
          '--approval-mode',
          'default',
          ...[turn.workspace, ...(turn.readable ?? [])].flatMap((dir) => ['--include-directories', dir]),
        ]),
    ...(isKnown ? ['--resume', id] : ['--session-id', id]),
  ]
}
