import type { Attachment } from 'svelte/attachments';

/** What noVNC makes keys, notches of the wheel, or gestures of. */
const KEPT = ['keydown', 'keyup', 'wheel', 'touchstart', 'touchmove', 'touchend', 'touchcancel'];

/** Who may point and no more sends where the pointer is, and nothing else. */
export function onlyPoints(left: () => void): Attachment<HTMLElement> {
  return (room) => {
    // Not prevented: Tab and the wheel are this computer's.
    const keep = (event: Event) => event.stopPropagation();
    KEPT.forEach((kind) => room.addEventListener(kind, keep, { capture: true, passive: true }));
    room.addEventListener('pointerleave', left);
    return () => {
      KEPT.forEach((kind) => room.removeEventListener(kind, keep, { capture: true }));
      room.removeEventListener('pointerleave', left);
    };
  };
}
