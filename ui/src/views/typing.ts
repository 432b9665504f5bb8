/** Whether a key pressed there is meant as text, or for a dialog: then it is no shortcut. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest('input:not([type="radio"]), textarea, select, [role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}
