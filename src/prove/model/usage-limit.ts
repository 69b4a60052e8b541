import type { ModelAnswer } from './scripted-model.ts'

/** What the service says when a plan is used up until then (seconds since the epoch); without a time it says none. */
export function usageLimit(resetsAt?: number): ModelAnswer {
  return {
    status: 429,
    body: {
      error: {
        type: 'usage_limit_reached',
        message: 'x',
        plan_type: 'pro',
        ...(resetsAt === undefined ? {} : { resets_at: resetsAt }),
      },
    },
    ...(resetsAt === undefined
      ? {}
      : {
          headers: {
            'x-codex-primary-used-percent': '100',
            'x-codex-primary-window-minutes': '300',
            'x-codex-primary-reset-at': String(resetsAt),
            'x-codex-secondary-used-percent': '40',
            'x-codex-secondary-window-minutes': '10080',
            'x-codex-secondary-reset-at': String(resetsAt + 9999),
          },
        }),
  }
}
