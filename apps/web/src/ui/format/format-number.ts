/** `1,204`; at the bound of what was counted, `10,000+`. */
export const formatCount = (count: number, bound?: number): string => {
  const text = new Intl.NumberFormat('en-US').format(bound === undefined ? count : Math.min(count, bound))
  return bound !== undefined && count >= bound ? `${text}+` : text
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${formatCount(count)} ${count === 1 ? one : many}`

export const formatMegabytes = (megabytes: number): string =>
  megabytes >= 1024 ? `${(megabytes / 1024).toFixed(megabytes >= 10_240 ? 0 : 1)} GiB` : `${megabytes} MiB`
