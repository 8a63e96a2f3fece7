import { MAX_LOG_LINE_CHARS as maxLine } from '@towline/contract/frames'
import { MAX_VALUE_BYTES as maxValue } from '@towline/contract/json'
import { MAX_REPORT_BYTES as maxReport, RUN_API, SLOT_HOLD_SECONDS as slotHold } from '@towline/contract/run-api'
import { RUN_ENV as runEnv } from '@towline/contract/run-spec'
import { expect, test } from 'vitest'
import { MAX_LOG_LINE_CHARS, MAX_REPORT_BYTES, MAX_VALUE_BYTES, REPORT_PATH, RUN_ENV, SLOT_HOLD_SECONDS, SLOTS_PATH } from './wire.ts'

test('the constants that the SDK repeats are those of the contract', () => {
  expect(RUN_ENV).toEqual(runEnv)
  expect([SLOTS_PATH, SLOT_HOLD_SECONDS]).toEqual([RUN_API.slots, slotHold])
  expect([REPORT_PATH, MAX_REPORT_BYTES, MAX_VALUE_BYTES, MAX_LOG_LINE_CHARS]).toEqual([RUN_API.report, maxReport, maxValue, maxLine])
})
