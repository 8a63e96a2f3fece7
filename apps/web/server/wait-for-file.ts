import { access } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves once the file exists. */
export const waitForFile = async (path: string): Promise<void> => {
  const there = () =>
    access(path).then(
      () => true,
      () => false,
    )
  while (!(await there())) await sleep(200)
}
