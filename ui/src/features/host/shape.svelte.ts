import { collapseWindow, expandWindow } from '../../ipc/commands';

/** The host's window is whole, or a slim bar at the top of the screen. */
export class Shape {
  collapsed = $state(false);

  collapse = async (): Promise<void> => {
    await collapseWindow();
    this.collapsed = true;
  };

  /** Where the system does not follow, the window shows everything in the room it has. */
  expand = (): void => {
    if (!this.collapsed) return;
    this.collapsed = false;
    void expandWindow().catch(() => undefined);
  };
}
