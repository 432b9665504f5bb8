/** A service as people know it. Without the scheme: it is https, except on this computer. */
export const withoutScheme = (origin: string): string => origin.replace(/^https?:\/\//, '');
