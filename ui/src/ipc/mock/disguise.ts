// Words as another language would have them: `?words=long` adds 40 %, `?dir=rtl` mirrors the window.
import { pretend } from '../../words/words';

const LONGER = 1.4;

/** Keeps what is filled in, and lengthens every word around it. */
function longer(sentence: string): string {
  return sentence.replace(/\{\w+\}|[\p{L}]+/gu, (word) => {
    if (word.startsWith('{')) return word;
    return word + word.slice(-2).repeat(Math.ceil((word.length * (LONGER - 1)) / 2)).slice(0, Math.ceil(word.length * (LONGER - 1)));
  });
}

export function disguise(params: URLSearchParams): void {
  if (params.get('words') === 'long') pretend(longer);
  if (params.get('dir') === 'rtl') document.documentElement.dir = 'rtl';
}
