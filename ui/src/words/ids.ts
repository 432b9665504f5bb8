/** An ID in groups of three, counted from the end: `1 234 567 890`. The blanks do not break. */
export function groupedId(id: string): string {
  return id.replace(/\B(?=(\d{3})+$)/g, '\u00a0');
}
