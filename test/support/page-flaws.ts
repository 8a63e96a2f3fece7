import type { Page } from 'playwright-core'

// Both run in the page, so each brings along what it needs.

/** Controls, pictures, dialogs and tables that nothing names. */
const findNameless = (): string[] => {
  // A dialog hides the page behind it from everybody.
  const all = (selector: string): HTMLElement[] =>
    [...document.querySelectorAll<HTMLElement>(selector)].filter(
      (element) => element.getClientRects().length > 0 && element.closest('[aria-hidden=true],[inert]') === null,
    )
  const show = (element: Element): string => element.outerHTML.replace(/\s+/g, ' ').slice(0, 160)
  const nameOf = (element: HTMLElement): string => {
    const by = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '')
    const labels = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])].map((label) => label.textContent ?? '') : []
    const inside = [...element.querySelectorAll('img[alt],[aria-label]')].map(
      (one) => one.getAttribute('alt') ?? one.getAttribute('aria-label'),
    )
    return [element.getAttribute('aria-label'), ...by, ...labels, element.textContent, ...inside].join('').trim()
  }
  const controls = 'a[href],button,input:not([type=hidden]),select,textarea,[role=switch],[role=combobox],[role=tab],[role=radio]'
  const nameless = all(`${controls},[role=dialog]`).filter((element) => nameOf(element) === '')
  const unlabelled = all('nav:not([aria-label]),table:not([aria-label],:has(caption)),img:not([alt]),[role=img]:not([aria-label])')
  return [...nameless, ...unlabelled].map((element) => `no name: ${show(element)}`)
}

/** One main part, one first heading and no level left out below it, ids once, the order of the page for Tab, nothing beyond the edge. */
const findDisorder = (): string[] => {
  const all = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)]
  const flaws: string[] = []
  if (document.querySelector('[role=dialog]') === null) {
    const levels = all('h1,h2,h3,h4,h5,h6')
      .filter((heading) => heading.getClientRects().length > 0)
      .map((heading) => Number(heading.tagName[1]))
    const skipped = levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)
    if (skipped.length > 0 || levels.filter((level) => level === 1).length !== 1) flaws.push(`headings of the levels ${levels.join(', ')}`)
    if (all('main').length !== 1) flaws.push(`${all('main').length} main landmarks`)
  }
  const ids = all('[id]').map(({ id }) => id)
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index)
  if (twice.length > 0) flaws.push(`ids more than once: ${twice.join(', ')}`)
  if (all('[tabindex]').some((element) => element.tabIndex > 0)) flaws.push('something out of the order of the page')
  const beyond = document.documentElement.scrollWidth - innerWidth
  if (beyond > 0) flaws.push(`${beyond} px wider than the screen`)
  return flaws
}

const WIDTHS = [1440, 390]

/** What a screen reader, a keyboard or a narrow screen would stumble over, once nothing on the page is loading any more. */
export const pageFlaws = async (page: Page, url: string): Promise<string[]> => {
  const { pathname, search } = new URL(url)
  const flaws = new Set<string>()
  await page.goto(url)
  await page.locator('h1').first().waitFor({ state: 'attached' })
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null)
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 850 })
    for (const flaw of [...(await page.evaluate(findNameless)), ...(await page.evaluate(findDisorder))])
      flaws.add(`${pathname}${search} at ${width} px: ${flaw}`)
  }
  await page.setViewportSize({ width: WIDTHS[0] ?? 1440, height: 900 })
  return [...flaws]
}
