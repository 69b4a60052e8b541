/** Gemini CLI, as a config names it. */
export interface GeminiAgent {
  /** The script of npm, or whatever else starts it. */
  readonly bin: string
  /** The person's own `.gemini`: their sign-in and settings. It is read, and never written. */
  readonly config: string
  /** Null: what the person's settings say. */
  readonly model: string | null
}
