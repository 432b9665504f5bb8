import type { Component } from 'svelte';

export interface Command {
  label: string;
  icon: Component;
  /** The key that does the same. */
  key?: string;
  run: () => void;
}
