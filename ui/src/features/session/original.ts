import type { Attachment } from 'svelte/attachments';

/**
 * As large as the picture in it, pixel for pixel: noVNC scales to its room, and knows nothing of screens that have
 * several pixels for one of the page's.
 */
export const original: Attachment<HTMLElement> = (room) => {
  const measure = () => {
    const picture = room.querySelector('canvas');
    if (!picture) return;
    room.style.width = `${picture.width / devicePixelRatio}px`;
    room.style.height = `${picture.height / devicePixelRatio}px`;
  };
  const pictures = new MutationObserver(measure);
  pictures.observe(room, { subtree: true, childList: true, attributeFilter: ['width', 'height'] });
  // Another monitor of this computer may have another ratio.
  addEventListener('resize', measure);
  measure();
  return () => {
    pictures.disconnect();
    removeEventListener('resize', measure);
    room.style.width = room.style.height = '';
  };
};
