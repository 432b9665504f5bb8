// The only file that names the platform.
import { invoke, isTauri } from '@tauri-apps/api/core';
import { getCurrentWebviewWindow } from '@tauri-apps/api/webviewWindow';

import type { Transport } from './transport';
import type { Hint } from './types';

export { isTauri };

export const tauri: Transport = {
  invoke,
  listen: (heard) => getCurrentWebviewWindow().listen<Hint>('hint', (event) => heard(event.payload)),
};
