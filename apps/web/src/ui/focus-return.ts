/**
 * Where the keyboard was before a dialog took it. Dialogs here are opened by state, from menus, the address and shortcuts, so they have no
 * trigger that Radix could give the focus back to, and it would fall to the top of the page.
 */
const OVERLAYS = '[role=dialog],[role=alertdialog],[role=menu],[role=listbox]'

let last: HTMLElement | null = null

if (typeof document !== 'undefined') {
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && !target.closest(OVERLAYS)) last = target
  })
}

/** For `onCloseAutoFocus`: back to the element, or to the page when what was there is gone. */
export const returnFocus = (event: Event): void => {
  event.preventDefault()
  const target = last?.isConnected ? last : document.getElementById('page')
  target?.focus()
}
