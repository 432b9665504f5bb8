import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import WhyNot from './WhyNot.svelte';

describe('a custom client whose file cannot be used', () => {
  it('says why, and offers nothing to press', () => {
    render(WhyNot, { why: 'among_downloads' });
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('does not start');
    expect(document.body).toHaveTextContent('where downloads arrive');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('shows no words that it does not know', () => {
    render(WhyNot, { why: '<b>x</b>' });
    expect(document.body).toHaveTextContent('could not be read');
    expect(document.body).not.toHaveTextContent('<b>');
  });
});
