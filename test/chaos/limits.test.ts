import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../bench/paths.ts'
import type { ChaosLedger } from './limits/print-ledger.ts'

let ledger: ChaosLedger
let chaos: ReturnType<typeof spawn> | undefined

describe('kill -9 of gateways, schedulers and agents at random while limits hold hundreds of short runs', () => {
  beforeAll(async () => {
    const report = join(mkdtempSync(join(tmpdir(), 'towline-chaos-report-')), 'ledger.json')
    chaos = spawn(process.execPath, [join(root, '.config/run-ts.mjs'), join(root, 'test/chaos/limits.ts')], {
      cwd: root,
      env: { ...process.env, TOWLINE_CHAOS_REPORT: report },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    await once(chaos, 'exit')
    ledger = JSON.parse(readFileSync(report, 'utf8')) as ChaosLedger
    rmSync(dirname(report), { recursive: true })
  }, 3_600_000)

  afterAll(() => void chaos?.kill('SIGTERM'))

  test('no limit ever had more holders than it may, by the marks of the holders and by the database', () => {
    expect(ledger.faults.overAdmissions).toEqual([])
    expect(Math.max(...Object.values(ledger.peaks))).toBeGreaterThan(1)
  })

  test('no slot and no place in line outlived its holder', () => {
    expect(ledger.faults.leaks).toEqual([])
  })

  test('every run came to an end, and none is said to have completed that did not', () => {
    expect(ledger.faults.lost).toEqual([])
    expect(ledger.runs.COMPLETED).toBeGreaterThan(0)
  })

  test('no run was executed twice at the same time, and none after it had completed', () => {
    expect(ledger.faults.doubled).toEqual([])
  })

  test('the ledger that users see added up at every look, and towline doctor agrees at the end', () => {
    expect(ledger.faults.ledger).toEqual([])
    expect(ledger.doctor.text).toMatch(/add up$/)
    expect(ledger.doctor.ok).toBe(true)
  })

  test('PostgreSQL had no deadlock to break, and nothing was refused that agents and runs may do', () => {
    expect(ledger.deadlocks).toBe(0)
    expect(ledger.faults.refusals).toEqual([])
  })
})
