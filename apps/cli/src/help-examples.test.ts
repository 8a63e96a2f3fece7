import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { createProgram } from './program.ts'

const shown = (command: Command): Command[] => command.commands.filter((one) => !one.name().startsWith('__') && one.name() !== 'help')
const all = (command: Command, path: string[] = []): [string, Command][] =>
  shown(command).flatMap((one) => [[[...path, one.name()].join(' '), one], ...all(one, [...path, one.name()])] as [string, Command][])

const helpOf = (command: Command): string => {
  let text = ''
  command.configureOutput({ writeOut: (part) => (text += part) })
  command.outputHelp()
  return text
}

const commands = all(createProgram('0'))

test('the help of every command says what it does and shows it typed', () => {
  const thin = commands.flatMap(([path, command]) => {
    const help = helpOf(command)
    return help.match(/^Examples?:\n {2}\S/gm)?.length === 1 && command.description() !== '' ? [] : [path]
  })
  expect(thin).toEqual([])
})

test('what the help shows typed names commands and flags that exist', () => {
  const paths = new Map(commands)
  const wrong = commands.flatMap(([, command]) =>
    [...helpOf(command).matchAll(/^ {2}towline (.+)$/gm)].flatMap(([, line = '']) => {
      const words = line.replace(/\s[|<>].*$/, '').split(' ')
      const path = [2, 1].map((length) => words.slice(0, length).join(' ')).find((candidate) => paths.has(candidate))
      const flags = words.filter((word) => /^--?[a-z]/i.test(word)).map((word) => word.split('=')[0])
      const known = paths.get(path ?? '')
      const options = [...(known?.options ?? []), ...(known?.parent ? [] : []), { short: '-o', long: '--output' }]
      const passedOn = path === 'agent start'
      const unknown = flags.filter((flag) => !passedOn && !options.some((option) => option.short === flag || option.long === flag))
      return known && unknown.length === 0 ? [] : [line]
    }),
  )
  expect(wrong).toEqual([])
})

test('the flag for JSON stands in the help of every command, lists have no default of nothing', () => {
  for (const [path, command] of commands) {
    expect(`${path}: ${helpOf(command)}`).toContain('-o, --output <format>')
    expect(helpOf(command)).not.toContain('(default: [])')
  }
})
