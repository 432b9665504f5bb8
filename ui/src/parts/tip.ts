import type { Attachment } from 'svelte/attachments';

/**
 * A short explanation: on hover, on keyboard focus, and as the element's description for screen readers. One
 * floating line for the whole window (TipHost) reads it from the element, so that a list of hundreds of buttons
 * costs nothing.
 */
export function tip(text: string | undefined): Attachment<HTMLElement> {
  return (element) => {
    if (!text) return;
    element.dataset.tip = text;
    if (text !== element.ariaLabel) element.setAttribute('aria-description', text);
    return () => {
      delete element.dataset.tip;
      element.removeAttribute('aria-description');
    };
  };
}
