import type { LaunchFailureReason } from '@towline/contract/run-spec'

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
