/** What mends things that a program can mend without asking anybody. */
export const REPAIR = 'autonomous-loop doctor --repair'
