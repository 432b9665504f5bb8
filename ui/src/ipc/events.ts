// One event crosses the window's edge: a hint that something should be read again.
import { transport } from './transport';
import type { Hint } from './types';

/** Listens until the returned function is called, also when that happens before listening has begun. */
export function onHint(heard: (hint: Hint) => void): () => void {
  let stop: (() => void) | undefined;
  let over = false;
  void transport()
    .listen((hint) => {
      if (!over) heard(hint);
    })
    .then((unlisten) => {
      if (over) unlisten();
      else stop = unlisten;
    });
  return () => {
    over = true;
    stop?.();
  };
}
