import { collapseWindow, expandWindow } from '../../ipc/commands';

/** The host's window is whole, or a slim bar at the top of the screen. */
export class Shape {
  collapsed = $state(false);
  #left = false;

  collapse = async (): Promise<void> => {
    await collapseWindow();
    this.collapsed = true;
    if (this.#left) this.expand();
  };

  /** Nothing is shown in it any more that a bar could hold. */
  leave = (): void => {
    this.#left = true;
    this.expand();
  };

  /** Where the system does not follow, the window shows everything in the room it has. */
  expand = (): void => {
    if (!this.collapsed) return;
    this.collapsed = false;
    void expandWindow().catch(() => undefined);
  };
}
