import { LANGUAGES } from './language.svelte';
import { t } from './words';

/** Those that the program speaks, to choose from. */
export const languages = () => LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }));
