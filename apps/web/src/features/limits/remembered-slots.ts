/** The slots that a limit had before it was paused in this browser, so that the switch can give them back. */
const keyOf = (id: string): string => `towline.limit-slots.${id}`

export const rememberSlots = (id: string, slots: number | null): void => {
  try {
    localStorage.setItem(keyOf(id), slots === null ? 'none' : String(slots))
  } catch {
    // A browser that keeps nothing: resuming asks for the number.
  }
}

/** undefined: it was paused elsewhere, nobody here knows. */
export const rememberedSlots = (id: string): number | null | undefined => {
  try {
    const text = localStorage.getItem(keyOf(id))
    if (text === 'none') return null
    const slots = Number(text)
    return text && Number.isInteger(slots) && slots > 0 ? slots : undefined
  } catch {
    return undefined
  }
}
