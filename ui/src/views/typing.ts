/** Whether a key pressed there is meant as text, or for a dialog: then it is no shortcut. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest('input:not([type="radio"]), textarea, [role="combobox"], [role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}

/** Whether a dialog or a menu is open there, above everything else. */
export function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}
