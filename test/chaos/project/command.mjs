// The same as flows/ledger.ts without the SDK: any command is a flow.
import { setTimeout as sleep } from 'node:timers/promises'
import { mark } from './mark.mjs'

const { file, lines = 100, pauseMs = 100 } = JSON.parse(process.env.TOWLINE_PARAMETERS ?? '{}')
mark(file, 'start')
for (let line = 1; line <= lines; line++) {
  console.log(`line ${line}`)
  await sleep(pauseMs)
}
mark(file, 'end')
