import { MAX_LOG_LINE_CHARS } from '@towline/contract/frames'
import { describe, expect, it } from 'vitest'
import { LineReader } from './line-reader.ts'

const read = (chunks: readonly Buffer[]): string[] => {
  const reader = new LineReader()
  const lines = chunks.flatMap((chunk) => reader.push(chunk))
  const last = reader.flush()
  return last === null ? lines : [...lines, last]
}

const everyCut = (bytes: Buffer): Buffer[][] => [
  [bytes],
  [...bytes].map((byte) => Buffer.from([byte])),
  ...Array.from({ length: bytes.length }, (_, index) => [bytes.subarray(0, index), bytes.subarray(index)]),
]

describe('LineReader', () => {
  const cases: [title: string, text: string, lines: string[]][] = [
    ['lines', 'a\nb\n', ['a', 'b']],
    ['a last line without a newline', 'a\nb', ['a', 'b']],
    ['empty lines', '\n\na\n\n', ['', '', 'a', '']],
    ['nothing', '', []],
    ['Windows line ends', 'a\r\nb\r\r\n', ['a', 'b']],
    ['a progress bar', '10%\r50%\r100%\ndone\n', ['100%', 'done']],
    ['a return at the end', 'a\r', ['a']],
    ['a lone return', '\r\nb', ['', 'b']],
    ['characters of several bytes', 'grün 漢字 🚢\n', ['grün 漢字 🚢']],
    ['NUL', 'a\0b\n', ['a\uFFFDb']],
  ]
  for (const [title, text, lines] of cases) {
    it(`reads ${title} the same way however the bytes are cut`, () => {
      for (const chunks of everyCut(Buffer.from(text))) expect(read(chunks)).toEqual(lines)
    })
  }

  it('cuts an endless line to what a frame takes, without half characters, in bounded memory', () => {
    const [line = '', next] = read([...Array.from({ length: 2000 }, () => Buffer.from('🚢'.repeat(250))), Buffer.from('\nnext')])
    expect(line.length).toBeLessThanOrEqual(MAX_LOG_LINE_CHARS)
    expect(line).toMatch(/🚢 … \[line cut: 2000000 bytes\]$/u)
    expect(next).toBe('next')
  })
})
