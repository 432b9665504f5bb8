// What is used of noVNC, which brings no types.
declare module '@novnc/novnc' {
  interface Options {
    shared?: boolean;
  }

  interface Events {
    connect: CustomEvent<Record<string, never>>;
    /** `clean` if this side or the other ended it on purpose. */
    disconnect: CustomEvent<{ clean: boolean }>;
    securityfailure: CustomEvent<{ status: number; reason?: string }>;
  }

  export default class RFB {
    constructor(target: HTMLElement, channel: WebSocket, options?: Options);

    viewOnly: boolean;
    /** Scales the picture to its room. */
    scaleViewport: boolean;
    /** Where the other side's pointer has no shape, or none that can be seen. */
    showDotCursor: boolean;
    focusOnClick: boolean;
    background: string;
    /** 0 to 9. */
    qualityLevel: number;

    addEventListener<K extends keyof Events>(type: K, listener: (event: Events[K]) => void): void;
    focus(options?: FocusOptions): void;
    blur(): void;
    disconnect(): void;
    sendCtrlAltDel(): void;
    /** The picture as it is, or was when the connection ended. */
    getImageData(): ImageData;
  }
}
