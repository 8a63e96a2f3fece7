import { statement } from '@towline/db/statement'
import type { Tx } from '@towline/db/transaction'
import takeTurnText from './sql/take-turn.sql'

const take = statement('take-turn', takeTurnText)

/** False: another scheduler is at it. A run that is forgotten must not leave rows in a day that is dropped at this moment and moves them. */
export const takeTurn = async (tx: Tx): Promise<boolean> => (await tx.query<{ mine: boolean }>(take)).rows[0]?.mine ?? false
