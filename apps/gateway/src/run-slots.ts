import type { SlotsRequest, SlotsResponse } from '@towline/contract/run-api'
import { requestTaskSlots } from '@towline/engine/limits/request-task-slots'
import type { GatewayContext } from './gateway-context.ts'
import type { RunTokenClaims } from './run-token.ts'

/**
 * Asks for the slots of a task run, and holds the call open until they are there or the time is over. The wait begins before the first
 * question, so an offer that comes in between is not missed. Whoever hangs up keeps the place in line for a minute.
 */
export const holdForSlots = async (
  gw: GatewayContext,
  claims: RunTokenClaims,
  request: SlotsRequest,
  isGone: () => boolean,
): Promise<SlotsResponse> => {
  const wait = gw.slotWaits.listen(claims.runId, request.key)
  const end = Date.now() + request.waitSeconds * 1000
  try {
    for (;;) {
      const answer = await requestTaskSlots(gw.engine, { ...claims, request })
      const left = end - Date.now()
      if (answer.granted || left <= 0 || gw.isStopping() || isGone()) return answer
      await wait.turn(left)
      // Nobody would give back what it got now: who asks no more may have said so already.
      if (isGone()) return answer
    }
  } finally {
    wait.close()
  }
}
