import { setTimeout as sleep } from 'node:timers/promises'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import isOlderGoneText from './sql/is-older-gone.sql'
import readNextXidText from './sql/read-next-xid.sql'

const readNextXid = statement('read-next-xid', readNextXidText)
const isOlder = statement('is-older-gone', isOlderGoneText)

/** A dump or a report may run for hours; claims take milliseconds. */
const PATIENCE_MS = 2000

/** Every transaction that writes and that began before this moment has a smaller number. */
export const numberOfNow = async ({ db }: EngineContext): Promise<string> => {
  const { rows } = await db.enginePool.query<{ next_xid: string }>(readNextXid)
  return rows[0]?.next_xid ?? ''
}

export const areOlderGone = async ({ db }: EngineContext, number: string): Promise<boolean> => {
  const { rows } = await db.enginePool.query<{ gone: boolean }>({ ...isOlder, values: [number] })
  return rows[0]?.gone === true
}

/**
 * After the commit of a setting: waits until every transaction that began before this moment has ended. A claim that began earlier may not
 * have seen it, and claims never wait for settings.
 */
export const olderGone = async (ctx: EngineContext): Promise<void> => {
  const number = await numberOfNow(ctx)
  const end = Date.now() + PATIENCE_MS
  while (!(await areOlderGone(ctx, number)) && Date.now() <= end) await sleep(3)
}
