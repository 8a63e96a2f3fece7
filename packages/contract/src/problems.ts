import { z } from 'zod'
import type { LaunchFailureReason } from './run-spec.ts'

/** How an attempt ended. */
export const ATTEMPT_OUTCOMES = [
  'completed',
  'failed',
  'timed-out',
  'crashed',
  'cancelled',
  'released',
  'lease-expired',
  'overdue',
  'failed-to-launch',
] as const
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number]

/** What can go wrong with an attempt, or keep a run from ending well, as its reader has to tell it apart. */
export const PROBLEM_REASONS = [
  'failed',
  'timed-out',
  'out-of-memory',
  'killed',
  'vanished',
  'agent-lost',
  'never-started',
  'launch',
  'stopped',
  'cancelled',
  'refused',
] as const
export const problemReasonSchema = z.enum(PROBLEM_REASONS)
export type ProblemReason = z.infer<typeof problemReasonSchema>

/** Kept with the event that ended an attempt or a run badly. */
export const accountSchema = z.object({
  reason: problemReasonSchema,
  /** What happened. */
  what: z.string(),
  /** What was done about it: the next attempt and when, or why there is none. Null: there is nothing to do. */
  done: z.string().nullable(),
})
export type Account = z.infer<typeof accountSchema>

/** What a reader can do. Null: nothing but to run it again. */
export const PROBLEM_REMEDIES: Record<Exclude<ProblemReason, 'launch'>, string | null> = {
  failed: 'Its last log lines say more. A retry runs the same code again; for corrected code deploy first, then start a new run.',
  'timed-out': 'Raise timeoutSeconds of the deployment, or make it do less at a time. See in its tasks and log lines where the time went.',
  'out-of-memory': 'Raise memoryMb in the job variables of the pool, the deployment or one run, or make the work smaller.',
  killed:
    'The control plane did not send this signal. Look on the host of the agent: the kernel kills when memory runs short (then raise memoryMb), and so do docker kill, a shutdown, or a crash in native code.',
  vanished: 'Somebody removed it on the host of the agent, or the host was restarted. Look there, then retry.',
  'agent-lost':
    'See on the page of the work pool whether the agent is back. One that was only cut off may have gone on with the run until it was heard of again, so what a run does should bear being done twice.',
  'never-started': 'Agents of this pool take runs and are lost before they start them. Their own log on their host says why.',
  stopped: 'Its agent was told to end at once and ended its runs with it. A drain (one signal, then patience) lets them end by themselves.',
  cancelled: null,
  refused: 'Run it when the other has ended, raise the limit of the deployment, or let its limit queue new runs instead of refusing them.',
}

/** What to do about each way in which a launch can fail. */
export const LAUNCH_REMEDIES: Record<LaunchFailureReason, string> = {
  ImagePull:
    'Check the name and tag of the image, and that the agent’s host can log in to its registry. For a local image set imagePullPolicy to never.',
  ConfigInvalid: 'Correct the job variables of the pool, the deployment or this run; the evidence names the one that was refused.',
  CommandNotFound: 'Check the command of the deployment: it has to exist in the image, or on the agent’s host for a process pool.',
  OutOfMemory: 'Raise memoryMb in the variables of the pool or deployment, or make the work smaller.',
  Unschedulable: 'No machine has the room that was asked for. Lower cpus or memoryMb, or add capacity.',
  Quota: 'The infrastructure refused for a quota. Raise it, or wait until other work has ended.',
  StartTimeout: 'The launch took longer than startTimeoutSeconds. Raise it, or pull the image on the host beforehand.',
  EngineAway: 'The agent cannot reach its Docker engine. Start it on the agent’s host, or check DOCKER_HOST.',
  CodeUnavailable:
    'The code could not be fetched or did not match its checksum. Deploy again, and check that the agent’s host reaches the control plane.',
  Unknown: 'Read the evidence; the agent’s own log on its host says more.',
}
