/** How the process ends; a supervisor may look at these. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** Wrong options or a data folder that cannot be used. */
  usage: 2,
  /** The gateway refused the agent for good: starting again helps after a person acted. */
  refused: 3,
  /** The launcher cannot work here (no container engine). */
  launcher: 4,
  /** Runs were killed by a second signal. */
  forced: 130,
} as const
